import type { Field, Test } from '@modelyard/domain'
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { type Related, type SearchTables, type Sorted, testSql, texts } from './entity.ts'
import { readExperimentIds } from './experiment-ids.ts'
import { LED, leadOf, searchLed } from './lead.ts'
import { experimentsOf, ms, named } from './parts.ts'
import { countFound, type Hit, type Search, searchIds } from './search.ts'
import { hexSql, wireIdSql } from './wire-id.ts'

export type RunScope = {
  projectId: string
  /** Numbers of experiments; null for all of the project. */
  experiments: readonly number[] | null
  view: 'active' | 'deleted' | 'all'
}

/** As indexed; a run that waits to start shows when it was made. */
const begun = sql`coalesce(r.started_at, r.created_at)`
const artifactUri = sql`'mlflow-artifacts:/' || (select e.number from experiment e where e.id = r.experiment_id)
  || '/' || ${hexSql(sql`r.id`)} || '/artifacts'`

const ATTRIBUTES: Readonly<Record<string, SQL>> = {
  run_name: sql`r.name`,
  user_id: sql`r.user_name`,
  // Clients know the states in upper case, and by no other.
  status: sql`upper(r.status)`,
  artifact_uri: artifactUri,
  start_time: ms(begun),
  end_time: ms(sql`r.ended_at`),
}

const SORTED: Readonly<Record<string, Sorted>> = {
  run_id: { value: sql`r.id`, cast: 'text', always: true },
  run_name: { value: sql`r.name`, cast: 'text' },
  user_id: { value: sql`r.user_name`, cast: 'text' },
  status: { value: sql`upper(r.status)`, cast: 'text' },
  artifact_uri: { value: artifactUri, cast: 'text' },
  start_time: { value: begun, cast: 'timestamptz', always: true },
  end_time: { value: sql`r.ended_at`, cast: 'timestamptz' },
}

/** Names of columns that datasets are searched by. */
const DATASET: Readonly<Record<string, SQL>> = { name: sql`l.name`, digest: sql`l.digest`, context: sql`d.context` }

/**
 * Every table is asked for the project by itself, since its index of keys and values begins with it. Where runs are
 * `probed`, they come from a list of their ids.
 */
export function runTables(projectId: string, probed?: { from: SQL; id: SQL }): SearchTables {
  return {
    from: probed?.from ?? sql`from run r`,
    id: sql`r.id`,
    revision: sql`r.revision`,
    attribute: (key: string, test: Test) =>
      key === 'run_id'
        ? wireIdSql({ column: sql`r.id`, prefix: 'run', lead: '' }, test)
        : testSql(named(ATTRIBUTES, key), test),
    sorted: (key) => named(SORTED, key),
    related: (field) => relatedOfRun({ projectId, probed: probed?.id }, field),
  }
}

function relatedOfRun(
  { projectId, probed }: { projectId: string; probed: SQL | undefined },
  { of, key }: Field,
): Related {
  const id = probed ?? sql`r.id`
  const ofRun = (alias: SQL) =>
    sql`where ${alias}.project_id = ${projectId} and ${alias}.run_id = ${id} and ${alias}.key = ${key}::text`
  // The name is a tag to clients and a column to us.
  if (of === 'tag' && key === 'mlflow.runName') {
    return { rows: sql`from (values (r.name)) t(value) where true`, value: sql`t.value` }
  }
  switch (of) {
    case 'metric': {
      // As in the index `metric_probe`. Else left out: planners take it for one more thing that few rows fulfil.
      const probe = probed ? sql`and m.run_id || m.key = ${id} || ${key}::text` : sql``
      return { rows: sql`from metric m ${ofRun(sql`m`)} ${probe}`, value: sql`m.last_value` }
    }
    case 'param':
      return { rows: sql`from run_param p ${ofRun(sql`p`)}`, value: sql`p.value`, startsLike: startsLike(sql`p.value`) }
    case 'tag':
      return { rows: sql`from run_tag t ${ofRun(sql`t`)}`, value: sql`t.value`, startsLike: startsLike(sql`t.value`) }
    default:
      return {
        rows: sql`from run_dataset d join logged_dataset l on l.id = d.logged_dataset_id where d.run_id = ${id}`,
        value: named(DATASET, key),
      }
  }
}

/** As in the indexes `run_param_value` and `run_tag_value`. */
const startsLike = (value: SQL) => (text: string) => sql`left(${value}, 60) = left(${text}::text, 60)`

/**
 * A page of the runs that a filter holds for. Where one condition leaves few runs, they are probed one by one. Else all
 * is planned for what is asked, with experiments by their ids: what the planner knows of each, how many runs it has above
 * all, decides between probing and reading all that have a key.
 */
export async function searchRunIds(db: Db, scope: RunScope, search: Omit<Search, 'within'>): Promise<Hit[]> {
  const { projectId, experiments, view } = scope
  const ids = experiments && (await readExperimentIds(db, { projectId, numbers: experiments }))
  if (ids?.length === 0) return []
  const of =
    ids === null
      ? []
      : [ids.length === 1 ? sql`r.experiment_id = ${ids[0]}` : sql`r.experiment_id = any(${texts(ids)})`]
  const limited = { ...search, within: [sql`r.project_id = ${projectId}`, ...of, ...VIEWS[view]] }
  const lead = leadOf(projectId, search.conditions)
  const led = lead && (await searchLed(db, runTables(projectId, LED), { ...limited, lead }))
  return led ?? searchIds(db, runTables(projectId), limited)
}

export function countRuns(db: Db, scope: RunScope, search: Pick<Search, 'conditions'>): Promise<number> {
  return countFound(db, runTables(scope.projectId), { ...search, within: within(scope) })
}

const VIEWS = { active: [sql`r.deleted_at is null`], deleted: [sql`r.deleted_at is not null`], all: [] }

export function within({ projectId, experiments, view }: RunScope): SQL[] {
  return [sql`r.project_id = ${projectId}`, ...experimentsOf(sql`r`, { projectId, experiments }), ...VIEWS[view]]
}
