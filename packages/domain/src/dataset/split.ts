/** Splits a dataset into train, validation and test; the same input and seed give the same split for ever. */
import { refuse } from '../refusal.ts'
import { type Prng, seededPrng, shuffle } from './prng.ts'
import { countLevels } from './profile.ts'

export const PARTS = ['train', 'validation', 'test'] as const
export type Part = (typeof PARTS)[number]
export type Fractions = Readonly<Record<Part, number>>
export const SPLIT_KINDS = ['stratified', 'ordered', 'group'] as const
export type SplitKind = (typeof SPLIT_KINDS)[number]

export const SPLIT_PRESETS = {
  '70/15/15': { train: 0.7, validation: 0.15, test: 0.15 },
  '80/10/10': { train: 0.8, validation: 0.1, test: 0.1 },
} as const satisfies Record<string, Fractions>

/**
 * `labels[i]` is row i's class; `groups[i]` its group, needed for kind `group` (all rows of a group stay together).
 * `ordered` cuts the rows in the order they come: the earliest are for training.
 */
export type SplitRequest = {
  labels: readonly string[]
  groups?: readonly string[]
  seed: number
  fractions: Fractions
  kind: SplitKind
}

export type PartSummary = { rows: number; classCounts: Record<string, number> }

/** What the recorded split is: `parts[i]` is the part of row i. */
export type Split = {
  parts: Part[]
  summary: Record<Part, PartSummary>
  kind: SplitKind
  seed: number
  fractions: Fractions
}

/** @throws Refusal `invalid` for fractions that do not sum to 1, a seed that is not whole, or missing groups. */
export function splitRows(request: SplitRequest): Split {
  checkRequest(request)
  const parts = assign(request)
  const { labels, kind, seed, fractions } = request
  return { parts, summary: summariseParts(parts, labels), kind, seed, fractions: { ...fractions } }
}

/** Rows and class counts of each part. */
export function summariseParts(parts: readonly Part[], labels: readonly string[]): Record<Part, PartSummary> {
  const summaryOf = (part: Part): PartSummary => {
    const inPart = labels.filter((_, row) => parts[row] === part)
    const levels = countLevels(inPart).map(({ value, count }) => [value, count] as const)
    return { rows: inPart.length, classCounts: Object.fromEntries(levels) }
  }
  return { train: summaryOf('train'), validation: summaryOf('validation'), test: summaryOf('test') }
}

function checkRequest({ labels, groups, seed, fractions, kind }: SplitRequest): void {
  const values = PARTS.map((part) => fractions[part])
  if (
    values.some((value) => !(value >= 0 && value <= 1)) ||
    Math.abs(values.reduce((sum, value) => sum + value, 0) - 1) > 1e-9
  ) {
    refuse('invalid', 'the three fractions must lie in [0, 1] and sum to 1', { field: 'fractions' })
  }
  if (!Number.isSafeInteger(seed) || seed < 0)
    refuse('invalid', 'the seed must be a whole number, zero or more', { field: 'seed' })
  if (labels.length === 0) refuse('invalid', 'there are no rows to split', { field: 'labels' })
  if (kind === 'group' && groups?.length !== labels.length) {
    refuse('invalid', `a group split needs a group for each of the ${labels.length} rows`, { field: 'groups' })
  }
}

function assign(request: SplitRequest): Part[] {
  const { labels, groups, seed, fractions, kind } = request
  if (kind === 'ordered') return cut(labels.length, fractions)
  const prng = seededPrng(seed)
  return kind === 'group' ? splitByGroup(groups ?? [], fractions, prng) : splitByClass(labels, fractions, prng)
}

/** Parts for n rows in order; rounding is to the nearest row at each cut, so no part is off by more than one. */
function cut(rows: number, fractions: Fractions): Part[] {
  const toTrain = Math.round(rows * fractions.train)
  const toValidation = Math.max(toTrain, Math.round(rows * (fractions.train + fractions.validation)))
  return Array.from({ length: rows }, (_, index) =>
    index < toTrain ? 'train' : index < toValidation ? 'validation' : 'test',
  )
}

function rowsBy(keys: readonly string[]): Map<string, number[]> {
  const rows = new Map<string, number[]>()
  keys.forEach((key, row) => {
    const list = rows.get(key)
    if (list === undefined) rows.set(key, [row])
    else list.push(row)
  })
  return new Map([...rows].sort(([left], [right]) => (left < right ? -1 : 1)))
}

/** Each class is shuffled and cut by itself, so every part keeps the class shares to within a row per class. */
function splitByClass(labels: readonly string[], fractions: Fractions, prng: Prng): Part[] {
  const parts = new Array<Part>(labels.length)
  for (const rows of rowsBy(labels).values()) {
    const shuffled = shuffle([...rows], prng)
    cut(shuffled.length, fractions).forEach((part, index) => {
      parts[shuffled[index] as number] = part
    })
  }
  return parts
}

/** Whole groups, in random order, each into the part that lacks most of its share. */
function splitByGroup(groups: readonly string[], fractions: Fractions, prng: Prng): Part[] {
  const parts = new Array<Part>(groups.length)
  const filled = { train: 0, validation: 0, test: 0 }
  const byGroup = shuffle([...rowsBy(groups).values()], prng).sort((left, right) => right.length - left.length)
  for (const rows of byGroup) {
    const part = [...PARTS].sort((left, right) => lack(right) - lack(left))[0] ?? 'train'
    filled[part] += rows.length
    for (const row of rows) parts[row] = part
  }
  return parts

  function lack(part: Part): number {
    return groups.length * fractions[part] - filled[part]
  }
}
