import { createHash } from 'node:crypto'
import type { GateResult, QualityThresholds, SplitPlan } from '@modelyard/contracts'
import {
  type Column,
  type ColumnProfile,
  countLevels,
  findLeakage,
  inferType,
  isNumeric,
  judgeQuality,
  LABEL_SKILL_LIMIT,
  type LeakageResult,
  MISSING_TEXTS,
  named,
  type Part,
  type PartSummary,
  profileColumn,
  readCells,
  refuse,
  say,
  singleFeatureSkill,
  sortClasses,
  splitRows,
} from '@modelyard/domain'
import type { z } from 'zod'
import { listed, type Table } from './read-table.ts'

export type Task = 'binary' | 'multiclass' | 'regression'
export type TableSettings = {
  task: Task
  labelColumn: string
  split: z.output<typeof SplitPlan>
  thresholds: z.output<typeof QualityThresholds>
}
export type RowsByPart = Record<Part, number[]>
export type Description = {
  columns: ColumnProfile[]
  classes: string[]
  parts: Record<Part, PartSummary>
  rows: RowsByPart
  gates: GateResult[]
  leakage: GateResult[]
  blocked: boolean
}

const MAX_CLASSES = 1000
const CELLS_PER_TURN = 200_000

/** All there is to know of a table under these settings. Refuses a label that is not there, or not usable for the task. */
export async function describeTable(table: Table, settings: TableSettings): Promise<Description> {
  const { labelColumn, split } = settings
  const labels = labelsOf(table, settings)
  const byClass = settings.task !== 'regression'
  const classes = byClass ? classesOf(labels, settings) : []
  const groups = groupsOf(table, settings)
  const { parts, summary } = splitRows({
    // Target values are no classes to keep in proportion: a regression is split at random.
    labels: byClass ? labels : labels.map(() => ''),
    ...(groups ? { groups } : {}),
    seed: split.seed,
    fractions: split,
    kind: split.kind,
  })
  const rows = rowsByPart(parts)
  const columns = await readColumns(table, settings)
  const hashes = await hashRows(table, labelColumn)
  const quality = judgeQuality(
    {
      rows: table.rows,
      duplicateRows: table.rows - new Set(hashes.whole).size,
      columns: columns.map(({ profile }) => profile),
      classes: byClass ? countLevels(labels) : null,
    },
    settings.thresholds,
  )
  const overlaps = findLeakage({
    rowHashes: hashes.features,
    parts,
    ...(split.kind === 'group' && groups ? { groups } : {}),
  }).gates
  const leakage = overlaps.map(overlapGate)
  if (byClass) leakage.push(await skillGate(columns, { labels, parts }))
  return {
    columns: columns.map(({ profile }) => profile),
    classes,
    parts: summary,
    rows,
    gates: quality.gates.map((gate) => ({ ...gate, unit: UNITS[gate.gate] })),
    leakage,
    blocked: !quality.pass || leakage.some(({ pass }) => !pass),
  }
}

function columnNamed(table: Table, name: string, field: string): string[] {
  const column = table.columns[table.names.indexOf(name)]
  if (column) return column
  const hint =
    table.names.length === 1 && /[;\t|]/.test(table.names[0] ?? '') ? '; are the cells separated by commas?' : ''
  return refuse('invalid', `there is no column "${name}"; there are ${listed(table.names)}${hint}`, { field })
}

function labelsOf(table: Table, { labelColumn, task }: TableSettings): string[] {
  const labels = columnNamed(table, labelColumn, 'labelColumn')
  if (table.names.length < 2)
    refuse('invalid', `"${labelColumn}" is the only column, so there is nothing to learn from`, {
      field: 'labelColumn',
    })
  const missing = labels.findIndex((label) => MISSING_TEXTS.has(label))
  if (missing >= 0)
    refuse('invalid', `row ${missing + 1} below the header has no label in "${labelColumn}"`, {
      field: 'labelColumn',
      details: { row: missing + 1 },
    })
  const type = inferType(labels)
  if (task === 'regression' && !isNumeric(type))
    refuse('invalid', `a regression needs numbers in "${labelColumn}", it holds ${type}`, { field: 'labelColumn' })
  return labels
}

function classesOf(labels: readonly string[], { labelColumn, task }: TableSettings): string[] {
  const classes = sortClasses([...new Set(labels)])
  const max = task === 'binary' ? 2 : MAX_CLASSES
  if (classes.length > max)
    refuse('invalid', `"${labelColumn}" has ${classes.length} classes, a ${task} project takes at most ${max}`, {
      field: 'labelColumn',
    })
  return classes
}

function groupsOf(table: Table, { split }: TableSettings): string[] | null {
  if (split.groupColumn !== undefined) return columnNamed(table, split.groupColumn, 'split.groupColumn')
  if (split.kind !== 'group') return null
  return refuse('invalid', 'a group split needs the name of the group column', { field: 'split.groupColumn' })
}

function rowsByPart(parts: readonly Part[]): RowsByPart {
  const rows: RowsByPart = { train: [], validation: [], test: [] }
  for (const [row, part] of parts.entries()) rows[part].push(row)
  for (const part of ['train', 'test'] as const)
    if (rows[part].length === 0)
      refuse('invalid', `the split leaves no row for ${part}: ${parts.length} rows are too few`, { field: 'split' })
  return rows
}

type Read = { column: Column; profile: ColumnProfile }

/** Others are served in between: a wide table takes seconds. */
async function inTurns<T, R>(items: readonly T[], cellsEach: number, work: (item: T) => R): Promise<R[]> {
  const done: R[] = []
  let cells = 0
  for (const item of items) {
    cells += cellsEach
    if (cells > CELLS_PER_TURN) {
      cells = 0
      await new Promise((resolve) => setImmediate(resolve))
    }
    done.push(work(item))
  }
  return done
}

function readColumns(table: Table, settings: TableSettings): Promise<Read[]> {
  return inTurns(table.names, table.rows, (name) => {
    const texts = table.columns[table.names.indexOf(name)] ?? []
    const column: Column = { name, role: roleOf(name, settings), ...readCells(texts) }
    const profile = profileColumn(column)
    return { column, profile: { ...profile, top: profile.top.map(shortened) } }
  })
}

const shortened = ({ value, count }: { value: string; count: number }) => ({ value: value.slice(0, 200), count })

function roleOf(name: string, settings: TableSettings): Column['role'] {
  if (name === settings.labelColumn) return 'label'
  return name === settings.split.groupColumn ? 'group' : 'feature'
}

/**
 * One text per row over all columns, and one without the label; the separator can stand in no cell, so different rows
 * never agree.
 */
async function hashRows(table: Table, labelColumn: string): Promise<{ whole: string[]; features: string[] }> {
  const { names, columns } = table
  const label = columns[names.indexOf(labelColumn)] ?? []
  const inputs = columns.filter((column) => column !== label)
  const hashOf = (text: string) => createHash('sha256').update(text).digest('base64')
  const hashed = await inTurns([...label.keys()], columns.length, (row) => {
    const text = inputs.map((column) => column[row]).join('\0')
    return { whole: hashOf(`${text}\0${label[row]}`), features: hashOf(text) }
  })
  return { whole: hashed.map(({ whole }) => whole), features: hashed.map(({ features }) => features) }
}

const UNITS = {
  rows: 'rows',
  missing: 'ratio',
  class_entropy: 'ratio',
  duplicates: 'ratio',
  class_minimum: 'rows',
  constant_columns: 'ratio',
} as const

function overlapGate(found: LeakageResult): GateResult {
  const { rows: _, ...gate } = found
  return { ...gate, unit: gate.gate === 'same_row' ? 'rows' : 'groups' }
}

async function skillGate(
  columns: readonly Read[],
  known: { labels: string[]; parts: readonly Part[] },
): Promise<GateResult> {
  const features = columns.filter(({ column }) => column.role === 'feature')
  const skills = await inTurns(features, known.parts.length, ({ column }) => singleFeatureSkill(column, known))
  const best = skills.reduce((high, skill) => Math.max(high, skill), 0)
  const guilty = features.filter((_, index) => (skills[index] ?? 0) >= LABEL_SKILL_LIMIT)
  const names = named(guilty.map(({ column }) => column.name))
  return {
    gate: 'label_in_feature',
    pass: guilty.length === 0,
    observed: best,
    threshold: LABEL_SKILL_LIMIT,
    unit: 'ratio',
    ...(guilty.length === 0 ? say('label_hidden', {}) : say('label_given_away', names)),
  }
}
