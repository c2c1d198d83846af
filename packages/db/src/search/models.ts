import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { type SearchTables, type Sorted, testSql } from './entity.ts'
import { named } from './parts.ts'
import { type Hit, type Search, searchIds } from './search.ts'
import { wireIdSql } from './wire-id.ts'

/** Prompts share the registry with models and carry this tag; a search finds either the one or the other. */
const PROMPT = 'mlflow.prompt.is_prompt'

export type RegistrySearch = Omit<Search, 'within'> & {
  /** Only what is tagged as a prompt, or only what is not. */
  prompts: boolean
}

const MODEL_TABLES: SearchTables = {
  from: sql`from model m`,
  id: sql`m.id`,
  attribute: (key, test) => testSql(named({ name: sql`m.name` }, key), test),
  sorted: (key) =>
    named<Sorted>(
      {
        name: { value: sql`m.name`, cast: 'text', always: true },
        last_updated_timestamp: { value: sql`m.updated_at`, cast: 'timestamptz', always: true },
      },
      key,
    ),
  related: ({ key }) => ({
    rows: sql`from model_tag t where t.model_id = m.id and t.key = ${key}::text`,
    value: sql`t.value`,
  }),
}

/** A page of the registered models that a filter holds for. */
export function searchModelIds(db: Db, projectId: string, search: RegistrySearch): Promise<Hit[]> {
  const prompt = sql`(select 1 from model_tag t where t.model_id = m.id and t.key = ${PROMPT} and t.value = 'true')`
  const within = [sql`m.project_id = ${projectId}`, sql`m.deleted_at is null`, only(search.prompts, prompt)]
  return searchIds(db, MODEL_TABLES, { ...search, within })
}

const VERSION_SORTED: Readonly<Record<string, Sorted>> = {
  name: { value: sql`m.name`, cast: 'text', always: true },
  version_number: { value: sql`v.version`, cast: 'bigint', always: true },
  creation_timestamp: { value: sql`v.created_at`, cast: 'timestamptz', always: true },
  last_updated_timestamp: { value: sql`v.updated_at`, cast: 'timestamptz', always: true },
}

const VERSION_ATTRIBUTES: Readonly<Record<string, SQL>> = {
  name: sql`m.name`,
  version_number: sql`v.version`,
  source_path: sql`v.source`,
}

const VERSION_TABLES: SearchTables = {
  from: sql`from model_version v join model m on m.id = v.model_id`,
  id: sql`v.id`,
  attribute: (key, test) =>
    key === 'run_id'
      ? wireIdSql({ column: sql`v.run_id`, prefix: 'run', lead: '' }, test)
      : testSql(named(VERSION_ATTRIBUTES, key), test),
  sorted: (key) => named(VERSION_SORTED, key),
  related: ({ key }) => ({
    rows: sql`from model_version_tag t where t.model_version_id = v.id and t.key = ${key}::text`,
    value: sql`t.value`,
  }),
}

/** A page of the model versions that a filter holds for. */
export function searchModelVersionIds(db: Db, projectId: string, search: RegistrySearch): Promise<Hit[]> {
  const prompt = sql`(
    select 1 from model_version_tag t where t.model_version_id = v.id and t.key = ${PROMPT} and t.value = 'true')`
  const within = [
    sql`v.project_id = ${projectId}`,
    sql`v.deleted_at is null`,
    sql`m.deleted_at is null`,
    only(search.prompts, prompt),
  ]
  return searchIds(db, VERSION_TABLES, { ...search, within })
}

function only(prompts: boolean, prompt: SQL): SQL {
  return prompts ? sql`exists ${prompt}` : sql`not exists ${prompt}`
}
