import { type Alternative, requireThat } from './sample.ts'
import { binomialMass } from './special/beta.ts'
import { chiSquareSf } from './special/chi-square.ts'

export type ChiSquareResult = { statistic: number; degreesOfFreedom: number; pValue: number }

/** Rows of counts, all of one length. */
export type ContingencyTable = readonly (readonly number[])[]

export type ContingencyResult = ChiSquareResult & {
  /** Smallest expected count; below 5 the chi-square law is rough, pool rare levels first. */
  smallestExpected: number
}

export type ContingencyOptions = {
  /** Yates' continuity correction, for 2 x 2 tables only. Default false (with it the test is too timid for drift). */
  yates?: boolean
  /** `g` is the likelihood-ratio statistic of Wilks. Default `pearson`. */
  statistic?: 'pearson' | 'g'
}

type Margins = { rows: number[]; columns: number[]; total: number }

function margins(table: ContingencyTable): Margins {
  const width = table[0]?.length ?? 0
  const columns = new Array<number>(width).fill(0)
  const rows = table.map((row) => {
    requireThat(row.length === width, 'all rows of a contingency table must have the same length')
    let sum = 0
    row.forEach((count, j) => {
      requireThat(count >= 0 && Number.isFinite(count), `a count must be finite and >= 0, got ${count}`)
      columns[j] = (columns[j] as number) + count
      sum += count
    })
    return sum
  })
  return { rows, columns, total: rows.reduce((a, b) => a + b, 0) }
}

function cellTerm(observed: number, expected: number, kind: 'pearson' | 'g'): number {
  if (kind === 'g') return observed === 0 ? 0 : 2 * observed * Math.log(observed / expected)
  return (observed - expected) ** 2 / expected
}

/** Moves a count by up to 1/2 towards its expectation (Yates 1934). */
function corrected(observed: number, expected: number): number {
  const gap = expected - observed
  return observed + Math.sign(gap) * Math.min(0.5, Math.abs(gap))
}

/**
 * Chi-square test of independence in a contingency table (Pearson 1900), or the G test. Both samples count as random:
 * scaling one to the other and testing "observed against expected" instead raises false alarms to 51 % and more.
 * Rows or columns that are empty are left out; with fewer than two left of either, p is 1 with 0 degrees of freedom.
 */
export function chiSquareContingency(table: ContingencyTable, options: ContingencyOptions = {}): ContingencyResult {
  const { rows, columns, total } = margins(table)
  const kind = options.statistic ?? 'pearson'
  const filledRows = rows.filter((sum) => sum > 0).length
  const filledColumns = columns.filter((sum) => sum > 0).length
  const degreesOfFreedom = Math.max(0, (filledRows - 1) * (filledColumns - 1))
  if (degreesOfFreedom === 0) return { statistic: 0, degreesOfFreedom, pValue: 1, smallestExpected: total }
  const correct = options.yates === true && degreesOfFreedom === 1
  let statistic = 0
  let smallestExpected = Number.POSITIVE_INFINITY
  table.forEach((row, i) => {
    row.forEach((count, j) => {
      const expected = ((rows[i] as number) * (columns[j] as number)) / total
      if (expected === 0) return
      smallestExpected = Math.min(smallestExpected, expected)
      statistic += cellTerm(correct ? corrected(count, expected) : count, expected, kind)
    })
  })
  return { statistic, degreesOfFreedom, pValue: chiSquareSf(statistic, degreesOfFreedom), smallestExpected }
}

/** Sums the columns whose expected count is below `threshold` in any row into one last column ("rare"). */
export function poolRareLevels(table: ContingencyTable, threshold = 5): number[][] {
  const { rows, columns, total } = margins(table)
  const smallestRow = Math.min(...rows)
  const kept = columns.map((sum) => (sum * smallestRow) / total >= threshold)
  return table.map((row) => {
    const frequent = row.filter((_, j) => kept[j])
    const rare = row.reduce((sum, count, j) => (kept[j] ? sum : sum + count), 0)
    return kept.includes(false) ? [...frequent, rare] : frequent
  })
}

/**
 * Chi-square goodness of fit against given shares (they are normalised): the display form of the sample-ratio check.
 * Throws where a share is not positive.
 */
export function chiSquareGoodnessOfFit(observed: readonly number[], shares: readonly number[]): ChiSquareResult {
  requireThat(observed.length === shares.length && observed.length > 1, 'observed and shares must pair up, two or more')
  const total = observed.reduce((a, b) => a + b, 0)
  const weight = shares.reduce((a, b) => a + b, 0)
  let statistic = 0
  observed.forEach((count, i) => {
    const share = shares[i] as number
    requireThat(share > 0, `a share must be positive, got ${share}`)
    const expected = (total * share) / weight
    statistic += (count - expected) ** 2 / expected
  })
  const degreesOfFreedom = observed.length - 1
  return { statistic, degreesOfFreedom, pValue: total === 0 ? 1 : chiSquareSf(statistic, degreesOfFreedom) }
}

export type TwoByTwo = readonly [readonly [number, number], readonly [number, number]]

type Hypergeometric = { first: number; last: number; mass: (k: number) => number }

/** Hypergeometric masses as quotients of binomial ones at p = column share (Loader 2000): no large logarithms differ. */
function hypergeometric([[a, b], [c, d]]: TwoByTwo): Hypergeometric {
  const row1 = a + b
  const row2 = c + d
  const column1 = a + c
  const p = column1 / (row1 + row2)
  const all = binomialMass(column1, row1 + row2, p)
  const mass = (k: number) => (binomialMass(k, row1, p) * binomialMass(column1 - k, row2, p)) / all
  return { first: Math.max(0, column1 - row2), last: Math.min(row1, column1), mass }
}

/** Sum of masses from `from` towards the tail; stops where nothing more is added. */
function tailMass(law: Hypergeometric, from: number, step: 1 | -1): number {
  let sum = 0
  let previous = 0
  for (let k = from; k >= law.first && k <= law.last; k += step) {
    const mass = law.mass(k)
    sum += mass
    if (mass < sum * 1e-18 && mass <= previous) break
    previous = mass
  }
  return sum
}

/** First k beyond the mode, away from the observed count, that is no more likely than the observed one; by bisection. */
function mirror(law: Hypergeometric, observed: number, mode: number): number {
  const limit = law.mass(observed) * (1 + 1e-13)
  let inside = mode
  let outside = observed < mode ? law.last + 1 : law.first - 1
  while (Math.abs(outside - inside) > 1) {
    const middle = inside + Math.trunc((outside - inside) / 2)
    if (law.mass(middle) <= limit) outside = middle
    else inside = middle
  }
  return outside
}

/**
 * Fisher's exact test of a 2 x 2 table (Fisher 1922): `greater` means that the odds ratio ad/(bc) exceeds 1, two-sided
 * sums every table no more likely than the observed one. Relative error about 1e-12.
 */
export function fisherExact(table: TwoByTwo, alternative: Alternative = 'two-sided'): number {
  const [[a, b], [c, d]] = table
  for (const count of [a, b, c, d]) requireThat(Number.isInteger(count) && count >= 0, `not a count: ${count}`)
  const law = hypergeometric(table)
  if (law.first === law.last) return 1
  if (alternative === 'greater') return Math.min(1, tailMass(law, a, 1))
  if (alternative === 'less') return Math.min(1, tailMass(law, a, -1))
  const mode = Math.min(law.last, Math.floor(((a + b + 1) * (a + c + 1)) / (a + b + c + d + 2)))
  if (a === mode) return 1
  const outward = a < mode ? -1 : 1
  return Math.min(1, tailMass(law, a, outward) + tailMass(law, mirror(law, a, mode), a < mode ? 1 : -1))
}
