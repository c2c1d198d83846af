/**
 * Modelyard statistics: two-sample tests, e-processes, sketches and intervals. Pure functions over plain data: no
 * dependency, no clock, no randomness (generators are arguments). See README.md for a tour.
 */
export * from './confusion.ts'
export * from './contingency.ts'
export * from './divergence.ts'
export * from './eprocess/beta-binomial.ts'
export * from './eprocess/canary.ts'
export * from './eprocess/evidence.ts'
export * from './eprocess/normal-mixture.ts'
export * from './eprocess/odds-ratio.ts'
export * from './histogram-window.ts'
export * from './ks.ts'
export { equalSizesOneSided, equalSizesTwoSided } from './ks-exact.ts'
export { type KsGap, ksGap } from './ks-statistic.ts'
export * from './multiplicity.ts'
export * from './proportions.ts'
export { type QuantileBins, quantileBins } from './quantile-bins.ts'
export {
  type Alternative,
  census,
  type Sample,
  type SampleCensus,
  StatisticsError,
  withoutNaN,
} from './sample.ts'
export { sortedFloat64 } from './sort.ts'
export { betaCdf, betaQuantile, betaSf, binomialMass, logBeta } from './special/beta.ts'
export { chiSquareCdf, chiSquareSf } from './special/chi-square.ts'
export { gammaP, gammaQ, logChoose, logGamma, poissonMass } from './special/gamma.ts'
export { kolmogorovCdf, kolmogorovIsf, kolmogorovSf } from './special/kolmogorov.ts'
export { kolmogorovCriticalDistance, kstwoCdf, kstwoIsf, kstwoSf } from './special/kstwo.ts'
export { erf, erfc, normalCdf, normalPdf, normalQuantile, normalSf } from './special/normal.ts'
export { smirnovSf } from './special/smirnov.ts'
export { studentCdf, studentQuantile, studentSf } from './special/student.ts'
export * from './wasserstein.ts'
