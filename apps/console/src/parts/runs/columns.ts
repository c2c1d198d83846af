import type { RunKeys } from '@modelyard/contracts'

/** Columns that every run has, besides its name and state, which are always there. */
export const ATTRIBUTES = [
  'attributes.experiment',
  'attributes.start_time',
  'attributes.duration',
  'attributes.user_id',
  'attributes.datasets',
  'attributes.run_id',
] as const
export type Attribute = (typeof ATTRIBUTES)[number]

/** What the server can order by; the others are put together here. */
export const SORTABLE: ReadonlySet<string> = new Set([
  'attributes.start_time',
  'attributes.user_id',
  'attributes.run_id',
])

const METRICS = 4
const PARAMS = 4

/** What a table shows whose address names no column: what most runs have. */
export function standingColumns(keys: RunKeys): string[] {
  return [
    ...keys.metrics.slice(0, METRICS).map(({ key }) => `metrics.${key}`),
    ...keys.params.slice(0, PARAMS).map(({ key }) => `params.${key}`),
    'attributes.start_time',
    'attributes.duration',
    'attributes.experiment',
    'attributes.user_id',
  ]
}

export type ColumnScope = 'attributes' | 'metrics' | 'params' | 'tags'

export function partsOf(column: string): { scope: string; key: string } {
  const dot = column.indexOf('.')
  return { scope: column.slice(0, dot), key: column.slice(dot + 1) }
}

/** Every column there is, by what it belongs to. */
export function allColumns(keys: RunKeys): Record<ColumnScope, string[]> {
  const of = (scope: 'metrics' | 'params' | 'tags') => keys[scope].map(({ key }) => `${scope}.${key}`)
  return { attributes: [...ATTRIBUTES], metrics: of('metrics'), params: of('params'), tags: of('tags') }
}

/** Columns of a view that no recent run has: shown empty, and said so. */
export function missingColumns(columns: readonly string[], keys: RunKeys): string[] {
  const known = new Set(Object.values(allColumns(keys)).flat())
  return columns.filter((column) => !known.has(column))
}

/** What the server is asked for: the values of logged columns. */
export function loggedColumns(columns: readonly string[]): string[] {
  return columns.filter((column) => /^(?:params|metrics|tags)\../.test(column))
}

/** A condition on one column in the language of the filter; null where a key or value cannot be written in it. */
export function condition(column: string, value: string | null): string | null {
  const { scope, key } = partsOf(column)
  const quote = key.includes('`') ? '"' : '`'
  // The language knows experiments by no name; they are chosen beside the filter.
  if (key.includes(quote) || column === 'attributes.experiment') return null
  const name = scope === 'datasets' ? 'datasets.name' : `${scope}.${/^\w+$/.test(key) ? key : quote + key + quote}`
  if (value === null) return scope === 'params' || scope === 'tags' ? `${name} IS NULL` : null
  const mark = value.includes("'") ? '"' : "'"
  return value.includes(mark) ? null : `${name} = ${mark}${value}${mark}`
}
