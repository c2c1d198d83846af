import { midRanks } from '../ranks.ts'
import { requireThat, type Sample } from '../sample.ts'
import { normalSf } from '../special/normal.ts'
import { studentSf } from '../special/student.ts'

/** Coefficient in [-1, 1] with a two-sided p-value of "no association"; NaN where one side is constant. */
export type Correlation = { coefficient: number; pValue: number }

function requirePairs(x: Sample, y: Sample): void {
  requireThat(x.length === y.length && x.length >= 2, 'x and y must pair up, two or more')
  for (let i = 0; i < x.length; i++) {
    requireThat(!Number.isNaN(x[i]) && !Number.isNaN(y[i]), `row ${i} is not a number`)
  }
}

function productMoment(x: Sample, y: Sample): number {
  const n = x.length
  let meanX = 0
  let meanY = 0
  for (let i = 0; i < n; i++) {
    meanX += (x[i] as number) / n
    meanY += (y[i] as number) / n
  }
  let xy = 0
  let xx = 0
  let yy = 0
  for (let i = 0; i < n; i++) {
    const a = (x[i] as number) - meanX
    const b = (y[i] as number) - meanY
    xy += a * b
    xx += a * a
    yy += b * b
  }
  const r = xy / Math.sqrt(xx * yy)
  return Math.min(1, Math.max(-1, r))
}

/** t with n - 2 degrees of freedom: exact for a normal pair, a usable approximation for ranks from n = 10 on. */
function studentPValue(r: number, n: number): number {
  if (n < 3) return Number.NaN
  if (Math.abs(r) === 1) return 0
  return Math.min(1, 2 * studentSf(Math.abs(r) * Math.sqrt((n - 2) / (1 - r * r)), n - 2))
}

/** Pearson's product-moment correlation (1895). */
export function pearsonCorrelation(x: Sample, y: Sample): Correlation {
  requirePairs(x, y)
  const coefficient = productMoment(x, y)
  return { coefficient, pValue: studentPValue(coefficient, x.length) }
}

/** Spearman's rank correlation (1904), ties by mid-ranks. */
export function spearmanCorrelation(x: Sample, y: Sample): Correlation {
  requirePairs(x, y)
  const coefficient = productMoment(midRanks(x).ranks, midRanks(y).ranks)
  return { coefficient, pValue: studentPValue(coefficient, x.length) }
}

/** Sorts values in place by merging and returns how many swaps of neighbours that stands for: discordant pairs. */
function countInversions(values: Float64Array<ArrayBuffer>): number {
  let from = values
  let to = new Float64Array(values.length)
  let swaps = 0
  for (let width = 1; width < from.length; width *= 2) {
    for (let start = 0; start < from.length; start += 2 * width) {
      const middle = Math.min(start + width, from.length)
      const end = Math.min(start + 2 * width, from.length)
      let i = start
      let j = middle
      for (let k = start; k < end; k++) {
        const takeRight = j < end && (i >= middle || (from[j] as number) < (from[i] as number))
        if (takeRight) swaps += middle - i
        to[k] = from[takeRight ? j++ : i++] as number
      }
    }
    ;[from, to] = [to, from]
  }
  return swaps
}

/** Sizes of the runs of equal neighbours, two or more. */
function tieSizes(length: number, same: (i: number) => boolean): number[] {
  const sizes: number[] = []
  let size = 1
  for (let i = 1; i <= length; i++) {
    if (i < length && same(i)) size += 1
    else {
      if (size > 1) sizes.push(size)
      size = 1
    }
  }
  return sizes
}

function sumOf(sizes: readonly number[], term: (t: number) => number): number {
  return sizes.reduce((sum, t) => sum + term(t), 0)
}

/** Variance of the concordance under independence with ties (Kendall 1970, eq. 4.5). */
function concordanceVariance(n: number, x: readonly number[], y: readonly number[]): number {
  const cubic = (t: number) => t * (t - 1) * (2 * t + 5)
  const pairs = (t: number) => t * (t - 1)
  const triples = (t: number) => t * (t - 1) * (t - 2)
  const first = (n * (n - 1) * (2 * n + 5) - sumOf(x, cubic) - sumOf(y, cubic)) / 18
  const second = n > 2 ? (sumOf(x, triples) * sumOf(y, triples)) / (9 * n * (n - 1) * (n - 2)) : 0
  return first + second + (sumOf(x, pairs) * sumOf(y, pairs)) / (2 * n * (n - 1))
}

/** Kendall's tau-b in O(n log n) (Kendall 1945; Knight 1966) with the normal approximation of its p-value. */
export function kendallCorrelation(x: Sample, y: Sample): Correlation {
  requirePairs(x, y)
  const n = x.length
  const order = Uint32Array.from({ length: n }, (_, i) => i)
  order.sort((a, b) => (x[a] as number) - (x[b] as number) || (y[a] as number) - (y[b] as number))
  const sortedX = Float64Array.from(order, (row) => x[row] as number)
  const yByX = Float64Array.from(order, (row) => y[row] as number)
  const sortedY = Float64Array.from(y).sort()
  const xTies = tieSizes(n, (i) => sortedX[i] === sortedX[i - 1])
  const yTies = tieSizes(n, (i) => sortedY[i] === sortedY[i - 1])
  const jointTies = tieSizes(n, (i) => sortedX[i] === sortedX[i - 1] && yByX[i] === yByX[i - 1])
  const half = (t: number) => (t * (t - 1)) / 2
  const all = half(n)
  const discordant = countInversions(yByX)
  const concordance = all - sumOf(xTies, half) - sumOf(yTies, half) + sumOf(jointTies, half) - 2 * discordant
  const scale = Math.sqrt((all - sumOf(xTies, half)) * (all - sumOf(yTies, half)))
  const z = concordance / Math.sqrt(concordanceVariance(n, xTies, yTies))
  return { coefficient: concordance / scale, pValue: Math.min(1, 2 * normalSf(Math.abs(z))) }
}
