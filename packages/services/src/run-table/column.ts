import { type Field, parseOrder, RUNS, refuse } from '@modelyard/domain'

export type RunColumnParts = { scope: 'attributes' | 'params' | 'metrics' | 'tags' | 'datasets'; key: string }

const SCOPES: ReadonlySet<string> = new Set(['attributes', 'params', 'metrics', 'tags', 'datasets'])

/** `params.lr` in its two parts; keys may hold dots. @throws Refusal `invalid` when it has no such beginning. */
export function columnParts(column: string, field = 'columns'): RunColumnParts {
  const dot = column.indexOf('.')
  const scope = column.slice(0, Math.max(0, dot))
  const key = column.slice(dot + 1)
  if (!SCOPES.has(scope) || key === '') {
    const known = [...SCOPES].join(', ')
    return refuse('invalid', `"${column}" is no column; they begin with one of ${known} and a dot`, { field })
  }
  return { scope: scope as RunColumnParts['scope'], key }
}

/** A column with its direction, as an item of MLflow's order; none for the standing order. */
export function orderItems(sort: string): string[] {
  if (sort === '') return []
  const descending = sort.startsWith('-')
  const { scope, key } = columnParts(descending ? sort.slice(1) : sort, 'sort')
  const quote = key.includes('`') ? '"' : '`'
  if (key.includes(quote)) refuse('invalid', 'a key with both kinds of quotes cannot be sorted by', { field: 'sort' })
  return [`${scope}.${quote}${key}${quote} ${descending ? 'DESC' : 'ASC'}`]
}

/** What a grouping means to the search: its field, or the experiment, which the search knows by number only. */
export function groupField(by: string): Field | 'experiment' {
  const { scope, key } = columnParts(by, 'by')
  if (scope === 'attributes' && key === 'experiment') return 'experiment'
  if (scope === 'metrics')
    refuse('invalid', 'runs are not grouped by a metric; nearly each has its own', { field: 'by' })
  if (scope === 'datasets') return { of: 'dataset', key: 'name', type: 'text' }
  const [order] = parseOrder(RUNS, orderItems(by))
  return order?.field ?? refuse('invalid', `runs are not grouped by "${by}"`, { field: 'by' })
}
