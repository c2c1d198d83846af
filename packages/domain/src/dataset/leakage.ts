/** Leakage: what the test rows could have told the training. */

import { named, type Reason, type Said, say } from '../reason.ts'
import { type Column, isMissing, isNumeric, quantileOf } from './profile.ts'
import type { Part } from './split.ts'

/** Row hashes (same text = same row), the part of each row, and what else is known of them. */
export type LeakageInput = {
  rowHashes: readonly string[]
  parts: readonly Part[]
  groups?: readonly string[]
  features?: readonly Column[]
  labels?: readonly string[]
}

export const LEAKAGE_CHECKS = ['same_row', 'group_overlap', 'label_in_feature'] as const
export type LeakageCheck = (typeof LEAKAGE_CHECKS)[number]

/** One check that ran. `rows` shows some of the rows concerned. */
export type LeakageResult = {
  gate: LeakageCheck
  pass: boolean
  observed: number
  threshold: number
  detail: string
  /** Absent in records from before it was kept. */
  reason?: Reason
  rows: number[]
}
export type LeakageVerdict = { pass: boolean; gates: LeakageResult[] }

/** A feature that alone explains this share of the errors a constant guess makes gives the label away. */
export const LABEL_SKILL_LIMIT = 0.95
const MAX_ROWS_SHOWN = 20
const BINS = 20

/** Run all checks the input allows; a check without its input is left out. Passes when nothing was found. */
export function findLeakage(input: LeakageInput): LeakageVerdict {
  const gates = [findSameRows(input), findGroupOverlap(input), findLabelInFeature(input)].filter(
    (gate) => gate !== null,
  )
  return { pass: gates.every(({ pass }) => pass), gates }
}

/** Rows outside training whose key is also in training. */
function overlap(keys: readonly string[], parts: readonly Part[]): number[] {
  const seen = new Set(keys.filter((_, row) => parts[row] === 'train'))
  return keys.flatMap((key, row) => (parts[row] !== 'train' && seen.has(key) ? [row] : []))
}

function findSameRows({ rowHashes, parts }: LeakageInput): LeakageResult {
  const rows = overlap(rowHashes, parts)
  const said = rows.length === 0 ? say('same_row_none', {}) : say('same_row', { count: rows.length })
  return resultOf('same_row', rows.length, { said, rows })
}

function findGroupOverlap({ groups, parts }: LeakageInput): LeakageResult | null {
  if (groups === undefined) return null
  const rows = overlap(groups, parts)
  const names = [...new Set(rows.map((row) => groups[row] ?? ''))]
  const count = names.length
  const said = count === 0 ? say('group_none', {}) : say('group_overlap', { count, ...named(names) })
  return resultOf('group_overlap', count, { said, rows })
}

function findLabelInFeature({ features, labels, parts }: LeakageInput): LeakageResult | null {
  if (labels === undefined || features === undefined) return null
  const guilty = features
    .filter(({ role }) => role === 'feature')
    .map((column) => ({ name: column.name, skill: singleFeatureSkill(column, { labels, parts }) }))
    .filter(({ skill }) => skill >= LABEL_SKILL_LIMIT)
  const names = named(guilty.map(({ name, skill }) => `${name} (${skill.toFixed(2)})`))
  const said = guilty.length === 0 ? say('label_hidden', {}) : say('label_given_away', names)
  return resultOf('label_in_feature', guilty.length, { said, rows: [] })
}

function resultOf(gate: LeakageCheck, observed: number, found: { said: Said; rows: number[] }): LeakageResult {
  return {
    gate,
    pass: observed === 0,
    observed,
    threshold: 0,
    ...found.said,
    rows: found.rows.slice(0, MAX_ROWS_SHOWN),
  }
}

/**
 * Skill of the best rule on one feature: learned on the training rows (20 bins of equal mass, or levels), judged on
 * the others, 0 = no better than the majority class, 1 = always right. After Holte's 1R (1993).
 */
export function singleFeatureSkill(
  column: Column,
  { labels, parts }: { labels: readonly string[]; parts: readonly Part[] },
): number {
  const keyOf = binner(column, parts)
  const votes = new Map<string, Map<string, number>>()
  const totals = new Map<string, number>()
  const held: number[] = []
  parts.forEach((part, row) => {
    if (part !== 'train') {
      held.push(row)
      return
    }
    const label = labels[row] ?? ''
    const key = keyOf(row)
    const counts = votes.get(key) ?? new Map<string, number>()
    votes.set(key, counts.set(label, (counts.get(label) ?? 0) + 1))
    totals.set(label, (totals.get(label) ?? 0) + 1)
  })
  if (held.length === 0) return 0
  const majority = winner(totals)
  const rule = new Map([...votes].map(([key, counts]) => [key, winner(counts)]))
  const right = held.filter((row) => (rule.get(keyOf(row)) ?? majority) === labels[row]).length / held.length
  const base = held.filter((row) => majority === labels[row]).length / held.length
  return base >= 1 ? 0 : Math.max(0, (right - base) / (1 - base))
}

function winner(counts: Map<string, number>): string {
  let best = ''
  let most = -1
  for (const [label, count] of counts) {
    if (count > most || (count === most && label < best)) [best, most] = [label, count]
  }
  return best
}

function binner(column: Column, parts: readonly Part[]): (row: number) => string {
  const { values, type } = column
  const cell = (row: number): string => (isMissing(values[row]) ? '' : String(values[row]))
  if (!isNumeric(type)) return cell
  const train = values.filter((value, row) => parts[row] === 'train' && !isMissing(value)).map(Number)
  const sorted = Float64Array.from(train).sort()
  const edges = [...new Set(Array.from({ length: BINS - 1 }, (_, index) => quantileOf(sorted, (index + 1) / BINS)))]
  return (row) => (isMissing(values[row]) ? '' : String(edges.filter((edge) => Number(values[row]) > edge).length))
}
