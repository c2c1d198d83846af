/** Leakage: what the test rows could have told the training. */
import { type Column, isMissing, quantileOf } from './profile.ts'
import { listNames } from './quality.ts'
import type { Part } from './split.ts'

/** Row hashes (same text = same row), the part of each row, and what else is known of them. */
export type LeakageInput = {
  rowHashes: readonly string[]
  parts: readonly Part[]
  groups?: readonly string[]
  features?: readonly Column[]
  labels?: readonly string[]
}

export type LeakageKind = 'same_row' | 'group_overlap' | 'label_in_feature'
export type LeakageFinding = {
  kind: LeakageKind
  severity: 'block' | 'warn'
  count: number
  detail: string
  rows: number[]
}
export type LeakageVerdict = { pass: boolean; findings: LeakageFinding[] }

/** A feature that alone explains this share of the errors a constant guess makes gives the label away. */
export const LABEL_SKILL_LIMIT = 0.95
const MAX_ROWS_SHOWN = 20
const BINS = 20

/** Run all checks the input allows. Passes when nothing blocking was found. */
export function findLeakage(input: LeakageInput): LeakageVerdict {
  const findings = [...findSameRows(input), ...findGroupOverlap(input), ...findLabelInFeature(input)]
  return { pass: findings.every(({ severity }) => severity === 'warn'), findings }
}

/** Rows outside training whose key is also in training. */
function overlap(keys: readonly string[], parts: readonly Part[]): number[] {
  const seen = new Set(keys.filter((_, row) => parts[row] === 'train'))
  return keys.flatMap((key, row) => (parts[row] !== 'train' && seen.has(key) ? [row] : []))
}

function findSameRows({ rowHashes, parts }: LeakageInput): LeakageFinding[] {
  const rows = overlap(rowHashes, parts)
  if (rows.length === 0) return []
  const detail = `${rows.length} validation or test rows also stand in the training part`
  return [{ kind: 'same_row', severity: 'block', count: rows.length, detail, rows: rows.slice(0, MAX_ROWS_SHOWN) }]
}

function findGroupOverlap({ groups, parts }: LeakageInput): LeakageFinding[] {
  if (groups === undefined) return []
  const rows = overlap(groups, parts)
  if (rows.length === 0) return []
  const names = [...new Set(rows.map((row) => groups[row] ?? ''))]
  const detail = `${names.length} groups stand on both sides: ${listNames(names)}`
  return [
    { kind: 'group_overlap', severity: 'block', count: names.length, detail, rows: rows.slice(0, MAX_ROWS_SHOWN) },
  ]
}

function findLabelInFeature(input: LeakageInput): LeakageFinding[] {
  const { features = [], labels } = input
  if (labels === undefined) return []
  const guilty = features
    .filter(({ role }) => role === 'feature')
    .flatMap((column) => {
      const skill = singleFeatureSkill(column, { labels, parts: input.parts })
      return skill >= LABEL_SKILL_LIMIT ? [{ name: column.name, skill }] : []
    })
  if (guilty.length === 0) return []
  const detail = `alone predicts the label: ${listNames(guilty.map(({ name, skill }) => `${name} (${(100 * skill).toFixed(0)} %)`))}`
  return [{ kind: 'label_in_feature', severity: 'block', count: guilty.length, detail, rows: [] }]
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
  const { values, kind } = column
  const cell = (row: number): string => (isMissing(values[row]) ? '' : String(values[row]))
  if (kind !== 'numeric') return cell
  const train = values.filter((value, row) => parts[row] === 'train' && !isMissing(value)).map(Number)
  const sorted = Float64Array.from(train).sort()
  const edges = [...new Set(Array.from({ length: BINS - 1 }, (_, index) => quantileOf(sorted, (index + 1) / BINS)))]
  return (row) => (isMissing(values[row]) ? '' : String(edges.filter((edge) => Number(values[row]) > edge).length))
}
