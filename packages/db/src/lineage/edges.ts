import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'

/** Types and not interfaces: the query's generic takes nothing that could be widened. */
export type LineageEdgeRow = { from: string; to: string; relation: string }

/** One place where the records say that something came of something. Aliases tell the two ends apart. */
type Source = { relation: string; from: SQL; to: SQL; rows: SQL }

/** A run of a job read its dataset as the job; saying it twice would only cross the picture with lines. */
const notAsItsJob = (run: SQL, dataset: SQL): SQL =>
  sql`not exists (select from job own where own.run_id = ${run} and own.dataset_version_id = ${dataset})`

const DATA = (projectId: string): Source[] => [
  {
    relation: 'revised_to',
    from: sql`earlier.id`,
    to: sql`later.id`,
    rows: sql`dataset_version later join dataset_version earlier
      on earlier.dataset_id = later.dataset_id and earlier.version = later.version - 1
      where later.project_id = ${projectId}`,
  },
  {
    relation: 'read_by',
    from: sql`j.dataset_version_id`,
    to: sql`j.id`,
    rows: sql`job j where j.project_id = ${projectId}`,
  },
  {
    relation: 'read_by',
    from: sql`i.dataset_version_id`,
    to: sql`i.run_id`,
    rows: sql`run_input i where i.project_id = ${projectId}
      and ${notAsItsJob(sql`i.run_id`, sql`i.dataset_version_id`)}`,
  },
  {
    relation: 'read_by',
    from: sql`l.dataset_version_id`,
    to: sql`d.run_id`,
    rows: sql`run_dataset d join logged_dataset l on l.id = d.logged_dataset_id
      where d.project_id = ${projectId} and l.dataset_version_id is not null
      and ${notAsItsJob(sql`d.run_id`, sql`l.dataset_version_id`)}`,
  },
  {
    relation: 'read_by',
    from: sql`l.id`,
    to: sql`d.run_id`,
    rows: sql`run_dataset d join logged_dataset l on l.id = d.logged_dataset_id
      where d.project_id = ${projectId} and l.dataset_version_id is null`,
  },
]

const RUNS = (projectId: string): Source[] => [
  {
    relation: 'read_by',
    from: sql`m.logged_model_id`,
    to: sql`m.run_id`,
    rows: sql`run_model m where m.project_id = ${projectId} and m.direction = 'input'`,
  },
  {
    relation: 'ran',
    from: sql`r.job_id`,
    to: sql`r.id`,
    rows: sql`run r where r.project_id = ${projectId} and r.deleted_at is null`,
  },
  {
    relation: 'ran',
    from: sql`j.id`,
    to: sql`j.run_id`,
    rows: sql`job j where j.project_id = ${projectId}`,
  },
  {
    relation: 'built',
    from: sql`'code:' || j.code_commit`,
    to: sql`j.id`,
    rows: sql`job j where j.project_id = ${projectId} and j.code_commit <> ''`,
  },
  {
    relation: 'built',
    from: sql`'code:' || r.code_commit`,
    to: sql`r.id`,
    rows: sql`run r where r.project_id = ${projectId} and r.code_commit <> '' and r.job_id is null
      and not exists (select from job own where own.run_id = r.id)`,
  },
  {
    relation: 'logged',
    from: sql`l.source_run_id`,
    to: sql`l.id`,
    rows: sql`logged_model l where l.project_id = ${projectId} and l.deleted_at is null`,
  },
]

const SERVING = (projectId: string): Source[] => [
  {
    relation: 'registered',
    from: sql`coalesce(v.logged_model_id, v.run_id)`,
    to: sql`v.id`,
    rows: sql`model_version v where v.project_id = ${projectId} and v.deleted_at is null`,
  },
  {
    relation: 'read_by',
    from: sql`v.dataset_version_id`,
    to: sql`v.id`,
    rows: sql`model_version v where v.project_id = ${projectId} and v.run_id is null and v.deleted_at is null`,
  },
  {
    relation: 'built',
    from: sql`'code:' || v.code_commit`,
    to: sql`v.id`,
    rows: sql`model_version v
      where v.project_id = ${projectId} and v.code_commit <> '' and v.run_id is null and v.deleted_at is null`,
  },
  {
    relation: 'deployed_as',
    from: sql`t.model_version_id`,
    to: sql`t.id`,
    rows: sql`variant t where t.project_id = ${projectId}`,
  },
  {
    relation: 'rolled_out_by',
    from: sql`o.to_variant_id`,
    to: sql`o.id`,
    rows: sql`rollout o where o.project_id = ${projectId}`,
  },
  {
    relation: 'serves_on',
    from: sql`o.id`,
    to: sql`o.endpoint_id`,
    rows: sql`rollout o where o.project_id = ${projectId}`,
  },
  {
    relation: 'serves_on',
    from: sql`t.id`,
    to: sql`t.endpoint_id`,
    rows: sql`variant t where t.project_id = ${projectId}
      and not exists (select from rollout o where o.endpoint_id = t.endpoint_id and o.to_variant_id = t.id)`,
  },
]

/**
 * Edges of the lineage that end at (`into`) or begin at (`outOf`) any of these ids, in one statement: the newest first
 * where there are more than `limit`, since ids begin with their time.
 */
export async function readLineageEdges(
  db: Db,
  args: { projectId: string; ids: readonly string[]; direction: 'into' | 'outOf'; limit: number },
): Promise<LineageEdgeRow[]> {
  const { projectId, direction } = args
  const ids = sql`${sql.param([...args.ids])}::text[]`
  // What was made of a later version of the same data did not come of this one.
  const sources = [...DATA(projectId), ...RUNS(projectId), ...SERVING(projectId)].filter(
    ({ relation }) => direction === 'into' || relation !== 'revised_to',
  )
  const queries = sources.map(({ relation, from, to, rows }) => {
    const end = direction === 'into' ? to : from
    const other = direction === 'into' ? from : to
    return sql`(select ${from} as "from", ${to} as "to", ${relation}::text as relation from ${rows}
      and ${end} = any(${ids}) and ${other} is not null)`
  })
  const result = await db.execute<LineageEdgeRow>(sql`
    select distinct "from", "to", relation from (${sql.join(queries, sql` union all `)}) e
    order by ${direction === 'into' ? sql`"from"` : sql`"to"`} desc, relation limit ${args.limit}`)
  return result.rows
}
