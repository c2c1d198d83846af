import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { type SearchTables, type Sorted, testSql } from './entity.ts'
import { ms, named } from './parts.ts'
import type { RunScope } from './runs.ts'
import { type Hit, type Search, searchIds } from './search.ts'

const ATTRIBUTES: Readonly<Record<string, SQL>> = {
  name: sql`x.name`,
  experiment_id: sql`x.number::text`,
  creation_time: ms(sql`x.created_at`),
  last_update_time: ms(sql`x.updated_at`),
}

const SORTED: Readonly<Record<string, Sorted>> = {
  name: { value: sql`x.name`, cast: 'text', always: true },
  experiment_id: { value: sql`x.number`, cast: 'bigint', always: true },
  creation_time: { value: sql`x.created_at`, cast: 'timestamptz', always: true },
  last_update_time: { value: sql`x.updated_at`, cast: 'timestamptz', always: true },
}

const EXPERIMENT_TABLES: SearchTables = {
  from: sql`from experiment x`,
  id: sql`x.id`,
  attribute: (key, test) => testSql(named(ATTRIBUTES, key), test),
  sorted: (key) => named(SORTED, key),
  related: ({ key }) => ({
    rows: sql`from experiment_tag t where t.experiment_id = x.id and t.key = ${key}::text`,
    value: sql`t.value`,
  }),
}

const VIEWS = { active: [sql`x.deleted_at is null`], deleted: [sql`x.deleted_at is not null`], all: [] }

/** A page of the experiments that a filter holds for. */
export function searchExperimentIds(
  db: Db,
  scope: { projectId: string; view: RunScope['view'] },
  search: Omit<Search, 'within'>,
): Promise<Hit[]> {
  const within = [sql`x.project_id = ${scope.projectId}`, ...VIEWS[scope.view]]
  return searchIds(db, EXPERIMENT_TABLES, { ...search, within })
}
