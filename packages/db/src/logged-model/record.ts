import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import type { loggedModel } from '../schema/index.ts'

/** A metric of a logged model as JSON has it: NaN and the infinities as text, 64-bit numbers as text. */
export type LoggedModelMetricRow = {
  key: string
  value: number | string
  step: string
  atMs: string
  runId: string
  datasetName: string
  datasetDigest: string
}

/** A logged model with everything of it, as one statement reads it. */
export type LoggedModelRecordRow = {
  id: string
  name: string
  status: typeof loggedModel.$inferSelect.status
  status_message: string | null
  model_type: string
  source_run_id: string | null
  created_at_ms: number
  updated_at_ms: number
  deleted: boolean
  experiment_number: number
  experiment_id: string
  params: [key: string, value: string][] | null
  tags: [key: string, value: string][] | null
  metrics: LoggedModelMetricRow[] | null
  registrations: { name: string; version: number }[] | null
}

/**
 * The logged models of these ids that are in the project, deleted ones too, in no order; one statement. Of a metric that
 * was logged often for one dataset only its newest value, the highest (step, time), is read.
 */
export async function readLoggedModelRows(
  db: Db,
  args: { projectId: string; ids: readonly string[] },
): Promise<LoggedModelRecordRow[]> {
  if (args.ids.length === 0) return []
  const result = await db.execute<LoggedModelRecordRow>(sql`
    select l.id, l.name, l.status, l.status_message, l.model_type, l.source_run_id, l.deleted_at is not null as deleted,
      extract(epoch from l.created_at)::float8 * 1000 as created_at_ms,
      extract(epoch from l.updated_at)::float8 * 1000 as updated_at_ms,
      e.number as experiment_number, e.id as experiment_id,
      (select json_agg(json_build_array(key, value) order by key collate "C")
        from logged_model_param p where p.logged_model_id = l.id) as params,
      (select json_agg(json_build_array(key, value) order by key collate "C")
        from logged_model_tag t where t.logged_model_id = l.id) as tags,
      (select json_agg(json_build_object('key', key, 'value', value, 'step', step::text, 'atMs', at_ms::text,
          'runId', run_id, 'datasetName', dataset_name, 'datasetDigest', dataset_digest)
          order by key collate "C", dataset_name, dataset_digest)
        from (select distinct on (key, dataset_name, dataset_digest) * from logged_model_metric m
          where m.logged_model_id = l.id
          order by key, dataset_name, dataset_digest, step desc, at_ms desc, value desc) newest) as metrics,
      (select json_agg(json_build_object('name', m.name, 'version', v.version) order by m.name, v.version)
        from model_version v join model m on m.id = v.model_id
        where v.logged_model_id = l.id and v.deleted_at is null) as registrations
    from logged_model l join experiment e on e.id = l.experiment_id
    where l.project_id = ${args.projectId} and l.id = any(${sql.param([...args.ids])}::text[])`)
  return result.rows
}

/** Ids of the logged models that a run wrote and nobody deleted, the newest first: made for it, or named as its output. */
export async function listLoggedModelsOfRun(
  db: Db,
  args: { projectId: string; runId: string; limit: number },
): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select id from logged_model
    where project_id = ${args.projectId} and deleted_at is null and (source_run_id = ${args.runId}
      or id in (select logged_model_id from run_model where run_id = ${args.runId} and direction = 'output'))
    order by created_at desc, id limit ${args.limit}`)
  return rows.map(({ id }) => id)
}
