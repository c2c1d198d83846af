import {
  type Corridor,
  corridorCells,
  equalSizesOneSided,
  equalSizesTwoSided,
  latticeDistance,
  outsideFraction,
} from './ks-exact.ts'
import type { KsGap, Sizes } from './ks-extrema.ts'
import { ksGap } from './ks-statistic.ts'
import { outsideFractionWithTies, tieBlocks, tieCells } from './ks-ties.ts'
import type { Alternative, Sample } from './sample.ts'
import { endsInNaN, sortedFloat64 } from './sort.ts'
import { gapAgainst, type SortedReference } from './sorted-reference.ts'
import { kstwoSf } from './special/kstwo.ts'

/**
 * - `auto`: exact up to 10,000 rows a side, else asymptotic: scipy's rule.
 * - `exact`: lattice paths, whatever the size, as long as they are affordable (4e8 cells).
 * - `asymptotic`: the one-sample law at the rounded effective size, as scipy does it.
 * - `best`: exact at any size where it is cheap and differs, else asymptotic: for verdicts.
 */
export type KsMethod = 'auto' | 'exact' | 'asymptotic' | 'best'

export type KsOptions = {
  /** `greater`: F_x lies above F_y somewhere (x tends to be smaller). Default two-sided. */
  alternative?: Alternative
  /** Default `auto`. */
  method?: KsMethod
  /** Condition the exact p-value on the pooled ties (continuous data are unchanged by it). Default false, as scipy. */
  ties?: boolean
}

export type KsResult = {
  /** Distance D, D+ or D-; NaN where the test is undefined. */
  statistic: number
  /** NaN where the test is undefined: never compare it before looking at `method`. */
  pValue: number
  /** Value at which the gap is largest. */
  location: number
  /** +1 where F_x is above F_y at the location, else -1; NaN where the test is undefined. */
  sign: number
  method: 'exact' | 'asymptotic' | 'undefined'
  /** Why the test is undefined, so that "no answer" never passes for "no drift". */
  reason: 'empty' | 'not-a-number' | null
}

const AUTO_LIMIT = 10_000

function undefinedResult(reason: 'empty' | 'not-a-number'): KsResult {
  const nan = Number.NaN
  return { statistic: nan, pValue: nan, location: nan, sign: nan, method: 'undefined', reason }
}

/** Rounds half to even: scipy takes the effective size through `np.round`. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return rest > 0.5 ? floor + 1 : floor
  return floor % 2 === 0 ? floor : floor + 1
}

/** What a p-value needs of the data: the distance and the two sizes. */
export type KsObservation = { distance: number; n1: number; n2: number; alternative: Alternative }

/**
 * Asymptotic p-value. Two-sided: P(D_en >= D) at en = n1 n2/(n1+n2) rounded half to even; one-sided:
 * Hodges (1958), eq. 5.3. Anti-conservative for small equal sizes (-16 % at 100 v 100, -1.5 % at 10,000 v 10,000).
 * NaN where the effective size rounds to zero.
 */
export function ksAsymptoticPValue({ distance, n1, n2, alternative }: KsObservation): number {
  const large = Math.max(n1, n2)
  const small = Math.min(n1, n2)
  const effective = (large * small) / (large + small)
  if (alternative === 'two-sided') return kstwoSf(roundHalfEven(effective), distance)
  const z = Math.sqrt(effective) * distance
  const correction = (2 * z * (large + 2 * small)) / Math.sqrt(large * small * (large + small)) / 3
  return Math.min(1, Math.exp(-2 * z * z - correction))
}

/**
 * Exact p-value under continuity: the number of lattice paths that go at least as far apart. NaN above 4e8 cells.
 * Relative error about 1e-13.
 */
export function ksExactPValue({ distance, n1, n2, alternative }: KsObservation): number {
  const twoSided = alternative === 'two-sided'
  const { h, g } = latticeDistance(distance, n1, n2)
  if (h === 0) return 1
  if (n1 === n2) return twoSided ? equalSizesTwoSided(n1, h) : equalSizesOneSided(n1, h)
  const corridor = { n1, n2, reach: h * g, twoSided }
  return corridorCells(corridor) <= AFFORDABLE_CELLS ? outsideFraction(corridor) : Number.NaN
}

/** Cells that a p-value may cost: what is affordable when exactness is asked for, and what goes unnoticed. */
const AFFORDABLE_CELLS = 4e8
const CHEAP_CELLS = 6e5

export type TieObservation = { distance: number; alternative: Alternative; cells?: number }

/**
 * Exact p-value given the pooled ties of two ascending samples (Schroeer & Trenkler 1995). NaN where it would cost more
 * than `cells` (default 4e8). Samples without ties take the closed or lattice form.
 */
export function ksTieAwarePValue(x: Sample, y: Sample, observed: TieObservation): number {
  const { distance, alternative, cells = AFFORDABLE_CELLS } = observed
  const twoSided = alternative === 'two-sided'
  const [first, second] = alternative === 'less' ? [y, x] : [x, y]
  const n1 = first.length
  const n2 = second.length
  const { h, g } = latticeDistance(distance, n1, n2)
  if (h === 0) return 1
  const blocks = tieBlocks(first, second)
  const corridor = { n1, n2, reach: h * g, twoSided }
  if (blocks.length === n1 + n2 && (n1 === n2 || corridorCells(corridor) <= cells)) {
    return ksExactPValue({ distance, n1, n2, alternative })
  }
  return tieCells(corridor, blocks) <= cells ? outsideFractionWithTies(corridor, blocks) : Number.NaN
}

/** Worth the lattice: affordable, and the asymptotic p-value lies where its error could turn a verdict. */
function wantsExact(observed: KsObservation, method: KsMethod): boolean {
  const { distance, n1, n2, alternative } = observed
  if (method !== 'best') return method === 'exact' || (method === 'auto' && Math.max(n1, n2) <= AUTO_LIMIT)
  if (n1 === n2) return true
  const corridor: Corridor = { n1, n2, reach: distance * n1 * n2, twoSided: alternative === 'two-sided' }
  const rough = ksAsymptoticPValue(observed)
  return corridorCells(corridor) <= CHEAP_CELLS && rough >= 1e-6 && rough <= 0.5
}

export type KsPValue = { pValue: number; method: 'exact' | 'asymptotic' }

/**
 * P-value of a distance that is known already (a stream's, or a histogram's bound), under continuity. `best` (default)
 * takes at most a few milliseconds at any size.
 */
export function ksPValue(observed: KsObservation, method: KsMethod = 'best'): KsPValue {
  const exact = wantsExact(observed, method) ? ksExactPValue(observed) : Number.NaN
  return Number.isNaN(exact)
    ? { pValue: ksAsymptoticPValue(observed), method: 'asymptotic' }
    : { pValue: exact, method: 'exact' }
}

type Judgement = {
  gap: KsGap
  sizes: Sizes
  options: KsOptions
  /** Both samples ascending, for the ties. */
  sorted: () => { x: Sample; y: Sample }
}

function pValueOf({ gap, sizes, options, sorted }: Judgement): KsPValue {
  const { alternative = 'two-sided', method = 'auto', ties = false } = options
  const observed = { distance: gap.distance, ...sizes, alternative }
  if (!ties || method === 'asymptotic') return ksPValue(observed, method)
  if (method === 'auto' && Math.max(sizes.n1, sizes.n2) > AUTO_LIMIT) return ksPValue(observed, method)
  const { x, y } = sorted()
  const cells = method === 'best' ? CHEAP_CELLS : AFFORDABLE_CELLS
  const pValue = ksTieAwarePValue(x, y, { distance: gap.distance, alternative, cells })
  return Number.isNaN(pValue) ? ksPValue(observed, method) : { pValue, method: 'exact' }
}

function judged(judgement: Judgement): KsResult {
  const { distance, location, sign } = judgement.gap
  const { n1, n2 } = judgement.sizes
  const { pValue, method } = pValueOf(judgement)
  const statistic = method === 'exact' ? latticeDistance(distance, n1, n2).distance : distance
  return { statistic, pValue, location, sign, method, reason: null }
}

/**
 * Two-sample Kolmogorov-Smirnov test of two samples that are already ascending (NaN last, as
 * `Float64Array.prototype.sort` leaves them).
 */
export function ksTestSorted(x: Sample, y: Sample, options: KsOptions = {}): KsResult {
  if (x.length === 0 || y.length === 0) return undefinedResult('empty')
  if (endsInNaN(x) || endsInNaN(y)) return undefinedResult('not-a-number')
  const gap = ksGap(x, y, options.alternative)
  return judged({ gap, sizes: { n1: x.length, n2: y.length }, options, sorted: () => ({ x, y }) })
}

/**
 * Two-sample Kolmogorov-Smirnov test (Smirnov 1939). Infinities are ordinary values, -0 equals 0; an empty sample or a
 * NaN gives `method: 'undefined'` with the reason and NaN for numbers.
 */
export function ksTest(x: Sample, y: Sample, options: KsOptions = {}): KsResult {
  return ksTestSorted(sortedFloat64(x), sortedFloat64(y), options)
}

/**
 * The same test of a window against a prepared reference (which takes the place of x). The window is not sorted: its rows
 * are counted between the reference's values, which is several times faster than sorting both.
 */
export function ksTestAgainst(reference: SortedReference, window: Sample, options: KsOptions = {}): KsResult {
  if (window.length === 0) return undefinedResult('empty')
  const gap = gapAgainst(reference, window, options.alternative ?? 'two-sided')
  if (!gap) return undefinedResult('not-a-number')
  const sizes = { n1: reference.sorted.length, n2: window.length }
  return judged({ gap, sizes, options, sorted: () => ({ x: reference.sorted, y: sortedFloat64(window) }) })
}
