import type { MetricValue, RunRow } from '@modelyard/contracts'
import type { RunRecord } from '../run/record.ts'
import { columnParts } from './column.ts'

/** JSON knows no NaN: what is not finite goes by its name. */
export function metricValue(value: number): MetricValue {
  if (Number.isNaN(value)) return 'NaN'
  if (Number.isFinite(value)) return value
  return value > 0 ? 'Infinity' : '-Infinity'
}

/** A record as a row of the table: of what was logged only the wanted columns. */
export function runRow(record: RunRecord, columns: readonly string[]): RunRow {
  return {
    id: record.id,
    name: record.name,
    experiment: record.experiment.name,
    status: record.status,
    user: record.userName === '' ? record.createdBy.label : record.userName,
    startedAt: record.startedAt?.toISOString() ?? null,
    endedAt: record.endedAt?.toISOString() ?? null,
    createdAt: record.createdAt.toISOString(),
    datasets: record.datasets.map(({ name, digest }) => `${name}@${digest}`),
    values: Object.fromEntries(columns.flatMap((column) => cellOf(record, column))),
  }
}

function cellOf(record: RunRecord, column: string): [string, string | number][] {
  const { scope, key } = columnParts(column)
  if (scope === 'metrics') {
    const found = record.metrics.find((metric) => metric.key === key)
    return found ? [[column, metricValue(found.value)]] : []
  }
  if (scope !== 'params' && scope !== 'tags') return []
  const found = record[scope].find((pair) => pair.key === key)
  return found ? [[column, clipped(found.value)]] : []
}

/** A cell shows no more of a long value, and a page of rows stays small; the run's page has all of it. */
const CELL_CHARACTERS = 200

function clipped(text: string): string {
  return text.length <= CELL_CHARACTERS ? text : `${text.slice(0, CELL_CHARACTERS).toWellFormed()}…`
}
