import type { Field, Order } from '@modelyard/domain'
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { type Related, type SearchTables, type Sorted, testSql } from './entity.ts'
import { experimentsOf, ms, named } from './parts.ts'
import { type Hit, type Search, searchIds } from './search.ts'
import { wireIdSql } from './wire-id.ts'

/** A dataset that metrics were measured on; without a digest, every version of it. */
export type MeasuredOn = { name: string; digest: string | null }

export type LoggedModelScope = {
  projectId: string
  experiments: readonly number[]
  /** Where not empty, filters see only metrics measured on one of these, and models without any are not found. */
  datasets: readonly MeasuredOn[]
}

const ATTRIBUTES: Readonly<Record<string, SQL>> = {
  name: sql`lm.name`,
  model_type: sql`lm.model_type`,
  status: sql`case lm.status when 'pending' then 'LOGGED_MODEL_PENDING' when 'ready' then 'LOGGED_MODEL_READY'
    when 'failed' then 'LOGGED_MODEL_UPLOAD_FAILED' else 'LOGGED_MODEL_STATUS_UNSPECIFIED' end`,
  creation_timestamp: ms(sql`lm.created_at`),
  last_updated_timestamp: ms(sql`lm.updated_at`),
}

const SORTED: Readonly<Record<string, Sorted>> = {
  name: { value: sql`lm.name`, cast: 'text', always: true },
  model_id: { value: sql`lm.id`, cast: 'text', always: true },
  model_type: { value: sql`lm.model_type`, cast: 'text' },
  status: { value: named(ATTRIBUTES, 'status'), cast: 'text' },
  source_run_id: { value: sql`lm.source_run_id`, cast: 'text' },
  creation_timestamp: { value: sql`lm.created_at`, cast: 'timestamptz', always: true },
  last_updated_timestamp: { value: sql`lm.updated_at`, cast: 'timestamptz', always: true },
}

const IDS = {
  model_id: { column: sql`lm.id`, prefix: 'lm', lead: 'm-' },
  source_run_id: { column: sql`lm.source_run_id`, prefix: 'run', lead: '' },
} as const

/** A page of the logged models that a filter holds for. */
export function searchLoggedModelIds(db: Db, scope: LoggedModelScope, search: Omit<Search, 'within'>): Promise<Hit[]> {
  const { projectId, datasets } = scope
  const within = [
    sql`lm.project_id = ${projectId}`,
    sql`lm.deleted_at is null`,
    ...experimentsOf(sql`lm`, scope),
    ...measured(search, datasets),
  ]
  return searchIds(db, tablesFor(datasets), { ...search, within })
}

function measured(search: Pick<Search, 'conditions'>, datasets: readonly MeasuredOn[]): SQL[] {
  if (datasets.length === 0 || search.conditions.some(({ field }) => field.of === 'metric')) return []
  return [sql`exists (select 1 from logged_model_metric mm where mm.logged_model_id = lm.id and ${on(datasets)})`]
}

function on(datasets: readonly MeasuredOn[]): SQL {
  const each = datasets.map(({ name, digest }) => {
    const named = sql`mm.dataset_name = ${name}::text`
    return digest === null ? named : sql`(${named} and mm.dataset_digest = ${digest}::text)`
  })
  return each.length === 0 ? sql`true` : sql`(${sql.join(each, sql` or `)})`
}

function tablesFor(datasets: readonly MeasuredOn[]): SearchTables {
  return {
    from: sql`from logged_model lm`,
    id: sql`lm.id`,
    attribute: (key, test) =>
      key === 'model_id' || key === 'source_run_id' ? wireIdSql(IDS[key], test) : testSql(named(ATTRIBUTES, key), test),
    sorted: (key) => named(SORTED, key),
    related: (field, order) => related(field, { datasets, order }),
  }
}

type Asked = { datasets: readonly MeasuredOn[]; order: Order | undefined }

function related({ of, key }: Field, { datasets, order }: Asked): Related {
  if (of !== 'metric') {
    const table = of === 'param' ? sql`logged_model_param` : sql`logged_model_tag`
    return { rows: sql`from ${table} t where t.logged_model_id = lm.id and t.key = ${key}::text`, value: sql`t.value` }
  }
  const rows = sql`from logged_model_metric mm where mm.logged_model_id = lm.id and mm.key = ${key}::text`
  if (!order) return { rows: sql`${rows} and ${on(datasets)}`, value: sql`mm.value` }
  // A filter asks for any value that was logged, an order for the newest.
  const newest = sql`order by mm.at_ms desc, mm.step desc, mm.run_id limit 1`
  return { rows: sql`${rows} and ${on(order.dataset ? [order.dataset] : [])} ${newest}`, value: sql`mm.value` }
}
