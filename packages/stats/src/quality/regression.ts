import { requireThat, type Sample } from '../sample.ts'

function meanOf(truth: Sample, predicted: Sample, loss: (gap: number) => number): number {
  requireThat(truth.length === predicted.length && truth.length > 0, 'truth and predicted must pair up, one or more')
  let sum = 0
  for (let i = 0; i < truth.length; i++) {
    const gap = (predicted[i] as number) - (truth[i] as number)
    requireThat(!Number.isNaN(gap), `row ${i} is not a number`)
    sum += loss(gap)
  }
  return sum / truth.length
}

/** Mean absolute error, in the units of the target. */
export function meanAbsoluteError(truth: Sample, predicted: Sample): number {
  return meanOf(truth, predicted, Math.abs)
}

/** Root mean squared error, in the units of the target. */
export function rootMeanSquaredError(truth: Sample, predicted: Sample): number {
  return Math.sqrt(meanOf(truth, predicted, (gap) => gap * gap))
}

/** Coefficient of determination 1 - SSE/SST; can be negative; NaN where the truth is constant. */
export function rSquared(truth: Sample, predicted: Sample): number {
  let mean = 0
  for (let i = 0; i < truth.length; i++) mean += (truth[i] as number) / truth.length
  const constant = Float64Array.from({ length: truth.length }, () => mean)
  const spread = meanOf(truth, constant, (gap) => gap * gap)
  return spread === 0 ? Number.NaN : 1 - meanOf(truth, predicted, (gap) => gap * gap) / spread
}
