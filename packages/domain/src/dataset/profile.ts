/** Columns of a table and what there is to know about each without looking at a row again. */

/** `empty`: no cell holds anything. */
export const COLUMN_TYPES = ['number', 'integer', 'boolean', 'text', 'empty'] as const
export type ColumnType = (typeof COLUMN_TYPES)[number]
export const COLUMN_ROLES = ['feature', 'label', 'group', 'ignored'] as const
export type ColumnRole = (typeof COLUMN_ROLES)[number]

export type ColumnSchema = { name: string; type: ColumnType; role: ColumnRole }
export type Cell = string | number | boolean | null
/** A column with its cells in row order; null, NaN and the empty text count as missing. */
export type Column = ColumnSchema & { values: readonly Cell[] }

export type LevelCount = { value: string; count: number }

/** Numbers are null and `histogram` empty for columns without numbers; `top` holds at most twenty levels. */
export type ColumnProfile = ColumnSchema & {
  rows: number
  missing: number
  distinct: number
  min: number | null
  median: number | null
  max: number | null
  mean: number | null
  sd: number | null
  /** Counts in at most 16 equal-width bins between min and max. */
  histogram: number[]
  /** Most frequent levels; empty for numeric columns with more than twenty distinct values. */
  top: LevelCount[]
}

export type DatasetProfile = {
  rows: number
  duplicateRows: number
  columns: ColumnProfile[]
  /** Counts per class of the label column, most frequent first; null when there is no label. */
  classes: LevelCount[] | null
}

const HISTOGRAM_BINS = 16
const TOP_LEVELS = 20
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/
const WHOLE = /^[+-]?\d+$/
const TRUTH = /^(true|false)$/i

export function isMissing(cell: Cell | undefined): boolean {
  return cell === null || cell === undefined || cell === '' || (typeof cell === 'number' && !Number.isFinite(cell))
}

/** The narrowest type that holds every cell of a column of texts. */
export function inferType(texts: readonly string[]): ColumnType {
  const present = texts.filter((text) => text !== '')
  if (present.length === 0) return 'empty'
  if (present.every((text) => WHOLE.test(text))) return 'integer'
  if (present.every((text) => NUMBER.test(text))) return 'number'
  return present.every((text) => TRUTH.test(text)) ? 'boolean' : 'text'
}

/** Profile all columns. `rowHashes` (one per row, the same text for the same row) finds duplicate rows. */
export function profileColumns(columns: readonly Column[], rowHashes: readonly string[]): DatasetProfile {
  const label = columns.find(({ role }) => role === 'label')
  return {
    rows: rowHashes.length,
    duplicateRows: rowHashes.length - new Set(rowHashes).size,
    columns: columns.map(profileColumn),
    classes: label === undefined ? null : countLevels(label.values),
  }
}

export function isNumeric(type: ColumnType): boolean {
  return type === 'number' || type === 'integer'
}

/** Profile one column. */
export function profileColumn({ name, type, role, values }: Column): ColumnProfile {
  const present = values.filter((cell) => !isMissing(cell))
  const levels = countLevels(present)
  const numbers = isNumeric(type) ? present.map(Number).filter(Number.isFinite) : []
  const keepTop = !isNumeric(type) || levels.length <= TOP_LEVELS
  return {
    name,
    type,
    role,
    rows: values.length,
    missing: values.length - present.length,
    distinct: levels.length,
    ...profileNumbers(numbers),
    top: keepTop ? levels.slice(0, TOP_LEVELS) : [],
  }
}

/** Levels with their counts, most frequent first, then by text. */
export function countLevels(values: readonly Cell[]): LevelCount[] {
  const counts = new Map<string, number>()
  for (const cell of values) {
    if (isMissing(cell)) continue
    const key = String(cell)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((left, right) => right.count - left.count || (left.value < right.value ? -1 : 1))
}

type NumberProfile = Pick<ColumnProfile, 'min' | 'median' | 'max' | 'mean' | 'sd' | 'histogram'>

/** Welford's running mean and variance. */
function profileNumbers(numbers: readonly number[]): NumberProfile {
  if (numbers.length === 0) return { min: null, median: null, max: null, mean: null, sd: null, histogram: [] }
  const sorted = Float64Array.from(numbers).sort()
  let mean = 0
  let squares = 0
  sorted.forEach((value, index) => {
    const delta = value - mean
    mean += delta / (index + 1)
    squares += delta * (value - mean)
  })
  return {
    min: quantileOf(sorted, 0),
    median: quantileOf(sorted, 0.5),
    max: quantileOf(sorted, 1),
    mean,
    sd: sorted.length > 1 ? Math.sqrt(squares / (sorted.length - 1)) : 0,
    histogram: histogramOf(sorted),
  }
}

function histogramOf(sorted: Float64Array): number[] {
  const min = sorted[0] ?? 0
  const width = (sorted[sorted.length - 1] ?? 0) - min
  if (!(width > 0)) return [sorted.length]
  const counts = new Array<number>(HISTOGRAM_BINS).fill(0)
  for (const value of sorted) {
    const bin = Math.min(HISTOGRAM_BINS - 1, Math.floor(((value - min) / width) * HISTOGRAM_BINS))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return counts
}

/** Quantile of ascending numbers, linear interpolation (type 7 of Hyndman and Fan). */
export function quantileOf(sorted: ArrayLike<number>, level: number): number {
  if (sorted.length === 0) return Number.NaN
  const position = level * (sorted.length - 1)
  const low = Math.floor(position)
  const lower = sorted[low] ?? Number.NaN
  const upper = sorted[Math.min(low + 1, sorted.length - 1)] ?? lower
  return position === low ? lower : lower + (upper - lower) * (position - low)
}
