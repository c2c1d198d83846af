/**
 * Modelyard statistics: two-sample tests, e-processes, sketches and intervals. Pure functions over plain data: no
 * dependency, no clock, no randomness (generators are arguments). See README.md for a tour.
 */
export * from './contingency.ts'
export * from './cramer-von-mises.ts'
export * from './divergence.ts'
export * from './eprocess/beta-binomial.ts'
export * from './eprocess/canary.ts'
export { type SampleRatio, sampleRatioLogEvidence } from './eprocess/dirichlet.ts'
export * from './eprocess/evidence.ts'
export * from './eprocess/latency.ts'
export * from './eprocess/normal-mixture.ts'
export * from './eprocess/odds-ratio.ts'
export * from './group-sequential.ts'
export * from './histogram-window.ts'
export * from './ks.ts'
export { equalSizesOneSided, equalSizesTwoSided } from './ks-exact.ts'
export type { KsGap } from './ks-extrema.ts'
export { ksGap } from './ks-statistic.ts'
export * from './mann-whitney.ts'
export * from './multiplicity.ts'
export * from './planning.ts'
export * from './proportions.ts'
export * from './quality/bootstrap.ts'
export * from './quality/calibration.ts'
export * from './quality/cbpe.ts'
export * from './quality/cbpe-intervals.ts'
export * from './quality/confusion.ts'
export * from './quality/correlation.ts'
export * from './quality/delong.ts'
export * from './quality/isotonic.ts'
export type { LabelledScores } from './quality/labelled.ts'
export * from './quality/mcnemar.ts'
export * from './quality/means.ts'
export * from './quality/regression.ts'
export * from './quality/roc.ts'
export { type QuantileBins, quantileBins } from './quantile-bins.ts'
export {
  type Alternative,
  census,
  type Sample,
  type SampleCensus,
  StatisticsError,
  withoutNaN,
} from './sample.ts'
export { SlidingWindow } from './sliding-window.ts'
export { sortedFloat32, sortedFloat64 } from './sort.ts'
export { empiricalCdf, type ReferenceOptions, type SortedReference, sortedReference } from './sorted-reference.ts'
export { betaCdf, betaQuantile, betaSf, binomialMass, logBeta, logBetaCdf, logBetaSf } from './special/beta.ts'
export { chiSquareCdf, chiSquareSf } from './special/chi-square.ts'
export { cramerVonMisesSf } from './special/cramer-von-mises.ts'
export { gammaP, gammaQ, logChoose, logGamma, poissonMass } from './special/gamma.ts'
export { kolmogorovCdf, kolmogorovIsf, kolmogorovSf } from './special/kolmogorov.ts'
export { kolmogorovCriticalDistance, kstwoCdf, kstwoIsf, kstwoSf } from './special/kstwo.ts'
export { erf, erfc, normalCdf, normalPdf, normalQuantile, normalSf } from './special/normal.ts'
export { smirnovSf } from './special/smirnov.ts'
export { studentCdf, studentQuantile, studentSf } from './special/student.ts'
export * from './wasserstein.ts'
