/** Columns of a table and what there is to know about each without looking at a row again. */

export const COLUMN_KINDS = ['numeric', 'categorical', 'boolean', 'text', 'timestamp'] as const
export type ColumnKind = (typeof COLUMN_KINDS)[number]
export const COLUMN_ROLES = ['feature', 'label', 'group', 'time', 'id', 'ignored'] as const
export type ColumnRole = (typeof COLUMN_ROLES)[number]

export type ColumnSchema = { name: string; kind: ColumnKind; role: ColumnRole }
export type Cell = string | number | boolean | null
/** A column with its cells in row order; null, NaN and the empty text count as missing. */
export type Column = ColumnSchema & { values: readonly Cell[] }

/** Quantiles at 0, 5, 25, 50, 75, 95 and 100 %. `sd` is the sample standard deviation. */
export type NumericProfile = { min: number; max: number; mean: number; sd: number; quantiles: number[] }
export type LevelCount = { value: string; count: number }
export type ColumnProfile = ColumnSchema & {
  rows: number
  missing: number
  distinct: number
  numeric: NumericProfile | null
  /** The most frequent levels, at most twenty; empty for numeric columns with more than twenty distinct values. */
  top: LevelCount[]
}

export type DatasetProfile = {
  rows: number
  duplicateRows: number
  columns: ColumnProfile[]
  /** Counts per class of the label column, most frequent first; null when there is no label. */
  classes: LevelCount[] | null
}

export const QUANTILE_LEVELS = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1] as const
const TOP_LEVELS = 20

export function isMissing(cell: Cell | undefined): boolean {
  return cell === null || cell === undefined || cell === '' || (typeof cell === 'number' && !Number.isFinite(cell))
}

/** Profile all columns. `rowHashes` (one per row, any collision-free text) finds duplicate rows. */
export function profileColumns(columns: readonly Column[], rowHashes: readonly string[]): DatasetProfile {
  const label = columns.find(({ role }) => role === 'label')
  return {
    rows: rowHashes.length,
    duplicateRows: rowHashes.length - new Set(rowHashes).size,
    columns: columns.map(profileColumn),
    classes: label === undefined ? null : countLevels(label.values),
  }
}

/** Profile one column. */
export function profileColumn(column: Column): ColumnProfile {
  const { name, kind, role, values } = column
  const present = values.filter((cell) => !isMissing(cell))
  const levels = countLevels(present)
  const numbers = kind === 'numeric' ? present.map(Number).filter(Number.isFinite) : []
  const keepTop = kind !== 'numeric' || levels.length <= TOP_LEVELS
  return {
    name,
    kind,
    role,
    rows: values.length,
    missing: values.length - present.length,
    distinct: levels.length,
    numeric: numbers.length === 0 ? null : profileNumbers(numbers),
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

/** Welford's running mean and variance, and linearly interpolated quantiles (type 7). */
function profileNumbers(numbers: readonly number[]): NumericProfile {
  const sorted = Float64Array.from(numbers).sort()
  let mean = 0
  let squares = 0
  sorted.forEach((value, index) => {
    const delta = value - mean
    mean += delta / (index + 1)
    squares += delta * (value - mean)
  })
  return {
    min: sorted[0] ?? Number.NaN,
    max: sorted[sorted.length - 1] ?? Number.NaN,
    mean,
    sd: sorted.length > 1 ? Math.sqrt(squares / (sorted.length - 1)) : 0,
    quantiles: QUANTILE_LEVELS.map((level) => quantileOf(sorted, level)),
  }
}

/** Quantile of ascending numbers, linear interpolation. */
export function quantileOf(sorted: ArrayLike<number>, level: number): number {
  if (sorted.length === 0) return Number.NaN
  const position = level * (sorted.length - 1)
  const low = Math.floor(position)
  const lower = sorted[low] ?? Number.NaN
  const upper = sorted[Math.min(low + 1, sorted.length - 1)] ?? lower
  return lower + (upper - lower) * (position - low)
}
