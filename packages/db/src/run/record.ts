import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { executePrepared } from '../prepared.ts'
import type { Actor, run } from '../schema/index.ts'

/** A run with everything logged to it, as few statements read it: lists are parsed JSON, numbers of metrics still text. */
export type RunRecordRow = {
  id: string
  name: string
  status: typeof run.$inferSelect.status
  code_commit: string
  seed: number | null
  job_id: string | null
  user_name: string
  created_by: Actor
  created_at: string
  started_at: string | null
  ended_at: string | null
  deleted_at: string | null
  experiment_id: string
  experiment_number: number
  experiment_name: string
  params: [key: string, value: string][] | null
  tags: [key: string, value: string][] | null
  metrics: [key: string, value: string, step: string, atMs: string][] | null
  datasets: DatasetInputRow[] | null
  dataset_versions: { id: string; context: string }[] | null
  models: { id: string; direction: 'input' | 'output'; step: string }[] | null
}

/** JSON null stands where the client gave no schema or profile. */
export type DatasetInputRow = {
  name: string
  digest: string
  sourceType: string
  source: string
  schema: string | null
  profile: string | null
  datasetVersionId: string | null
  tags: { key: string; value: string }[]
}

/**
 * The runs of these ids that are in the project, deleted ones too, in no order. One statement, whatever the number of
 * runs: each list is one index range and one JSON text, made of arrays because those cost half of what json_agg takes.
 */
export async function readRunRecordRows(
  db: Db,
  args: { projectId: string; ids: readonly string[] },
): Promise<RunRecordRow[]> {
  if (args.ids.length === 0) return []
  return executePrepared<RunRecordRow>(
    db,
    sql`
    select r.id, r.name, r.status, r.code_commit, r.seed, r.job_id, r.user_name, r.created_by, r.created_at,
      r.started_at, r.ended_at, r.deleted_at, e.id as experiment_id, e.number as experiment_number,
      e.name as experiment_name,
      (select array_to_json(array_agg(array[key, value] order by key)) from run_param p where p.run_id = r.id) as params,
      (select array_to_json(array_agg(array[key, value] order by key)) from run_tag t where t.run_id = r.id) as tags,
      (select array_to_json(array_agg(array[key, last_value::text, last_step::text, last_at_ms::text] order by key))
        from metric m where m.run_id = r.id) as metrics,
      (select json_agg(json_build_object('name', d.name, 'digest', d.digest, 'sourceType', d.source_type,
          'source', d.source, 'schema', d.schema, 'profile', d.profile, 'datasetVersionId', d.dataset_version_id,
          'tags', rd.tags) order by rd.created_at, d.id)
        from run_dataset rd join logged_dataset d on d.id = rd.logged_dataset_id where rd.run_id = r.id) as datasets,
      (select json_agg(json_build_object('id', i.dataset_version_id, 'context', i.context)
          order by i.context, i.dataset_version_id)
        from run_input i where i.run_id = r.id) as dataset_versions,
      (select json_agg(json_build_object('id', rm.logged_model_id, 'direction', rm.direction, 'step', rm.step::text)
          order by rm.created_at, rm.logged_model_id, rm.step)
        from run_model rm where rm.run_id = r.id) as models
    from run r join experiment e on e.id = r.experiment_id
    where r.project_id = ${args.projectId} and r.id = any(${sql.param([...args.ids])}::text[])`,
  )
}
