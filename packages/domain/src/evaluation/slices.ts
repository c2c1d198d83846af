import { twoProportionTest, wilsonInterval } from '@modelyard/stats'

/** `columns[c][row]` are numbers; `correct[row]` is 1 where the model was right. */
export type SliceInput = { names: readonly string[]; columns: readonly Float64Array[]; correct: Uint8Array }
/** Rows whose value lies from `from` to `to`, both included. */
export type Slice = {
  column: string
  from: number
  to: number
  rows: number
  accuracy: number
  interval: [number, number]
  isWorse: boolean
}
export type Slices = { looked: number; worst: Slice[] }

/** Up to so many values are a slice each; more are cut into quarters. */
const MAX_VALUES = 8
/** Fewer rows say nothing. */
const MIN_ROWS = 20
const MAX_SHOWN = 10
/** Chance of calling any slice worse that is not, over all that are looked at (Bonferroni). */
const FALSE_ALARM = 0.05
/** Of more rows an even sample is looked at, and the first columns that hold so many cells: a fraction of a second. */
const MAX_ROWS = 20_000
const MAX_CELLS = 1_000_000

/** Where the model does worse: every column is cut into values or quarters, and each part tested against the rest. */
export function findWeakSlices(input: SliceInput): Slices {
  const { names, columns, correct } = evenly(input)
  const right = correct.reduce((sum, each) => sum + each, 0)
  const found = columns.flatMap((values, place) => {
    const name = names[place] ?? ''
    return rangesOf(values).flatMap((range) => sliceOf({ column: name, values, range, correct, right }))
  })
  const worst = found
    .toSorted((a, b) => a.pValue - b.pValue || a.slice.accuracy - b.slice.accuracy)
    .slice(0, MAX_SHOWN)
    .map(({ slice, pValue }) => ({ ...slice, isWorse: pValue * found.length < FALSE_ALARM }))
  return { looked: found.length, worst }
}

function evenly({ names, columns, correct }: SliceInput): SliceInput {
  const stride = Math.ceil(correct.length / MAX_ROWS)
  const isKept = (_: number, row: number) => row % stride === 0
  const kept = correct.filter(isKept)
  const within = columns.slice(0, Math.floor(MAX_CELLS / Math.max(1, kept.length)))
  return { names, correct: kept, columns: within.map((column) => column.filter(isKept)) }
}

type Range = { from: number; to: number }

function rangesOf(values: Float64Array): Range[] {
  const sorted = values.toSorted()
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1])
  if (distinct.length <= MAX_VALUES) return [...distinct].map((value) => ({ from: value, to: value }))
  const ends = [1, 2, 3, 4].map((quarter) => sorted[Math.ceil((quarter * sorted.length) / 4) - 1] as number)
  return [...new Set(ends)].map((to, i, all) => {
    const below = all[i - 1]
    // The least value above the quarter below, so that a range says what is in it.
    const from = below === undefined ? sorted[0] : distinct[distinct.indexOf(below) + 1]
    return { from: from as number, to }
  })
}

type Cut = { column: string; values: Float64Array; range: Range; correct: Uint8Array; right: number }

function sliceOf({ column, values, range, correct, right }: Cut): { slice: Omit<Slice, 'isWorse'>; pValue: number }[] {
  let rows = 0
  let hits = 0
  values.forEach((value, row) => {
    if (value < range.from || value > range.to) return
    rows++
    hits += correct[row] as number
  })
  const rest = correct.length - rows
  if (rows < MIN_ROWS || rest < MIN_ROWS) return []
  const inside = { successes: hits, total: rows }
  const { pValue } = twoProportionTest(inside, { successes: right - hits, total: rest }, { alternative: 'less' })
  const { low, high } = wilsonInterval(inside)
  return [{ slice: { column, ...range, rows, accuracy: hits / rows, interval: [low, high] }, pValue }]
}
