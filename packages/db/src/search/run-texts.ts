import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import type { DatasetInputRow } from '../run/record.ts'
import type { run } from '../schema/index.ts'

/**
 * A run for answers that hold thousands: what is logged in bulk is the text of its JSON already, members of lists without
 * their brackets, ordered by key; null where there is none.
 */
export type RunText = {
  id: string
  /** Of which this is read, in the one snapshot. */
  revision: number
  name: string
  status: typeof run.$inferSelect.status
  userName: string
  /** Milliseconds since 1970; of a run that waits to start, when it was made. */
  startMs: number
  endMs: number | null
  deleted: boolean
  experimentNumber: number
  /** `{"key","value"},...` */
  params: string | null
  /** Without `mlflow.runName`, which is `name`. */
  tags: string | null
  /** `{"key","value","timestamp","step"},...` of the newest values; NaN and the infinities are strings. */
  metrics: string | null
  datasets: DatasetInputRow[] | null
  models: { id: string; direction: 'input' | 'output'; step: string }[] | null
}

const pairs = sql.raw(`string_agg('{"key":' || to_json(key) || ',"value":' || to_json(value) || '}', ',' order by key)`)
const measured = sql.raw(`string_agg('{"key":' || to_json(key) || ',"value":'
  || case when last_value > '-Infinity' and last_value < 'Infinity' then last_value::text else '"' || last_value || '"' end
  || ',"timestamp":' || last_at_ms || ',"step":' || last_step || '}', ',' order by key)`)

/** The runs of these ids that are in the project, deleted ones too, in no order; one statement. */
export async function readRunTexts(db: Db, args: { projectId: string; ids: readonly string[] }): Promise<RunText[]> {
  if (args.ids.length === 0) return []
  const found = await db.execute<RunText>(sql`
    select r.id, r.revision, r.name, r.status, r.user_name as "userName",
      (extract(epoch from coalesce(r.started_at, r.created_at)) * 1000)::float8 as "startMs",
      (extract(epoch from r.ended_at) * 1000)::float8 as "endMs", r.deleted_at is not null as deleted,
      e.number as "experimentNumber",
      (select ${pairs} from run_param p where p.run_id = r.id) as params,
      (select ${pairs} from run_tag t where t.run_id = r.id) as tags,
      (select ${measured} from metric m where m.run_id = r.id) as metrics,
      (select json_agg(json_build_object('name', d.name, 'digest', d.digest, 'sourceType', d.source_type,
          'source', d.source, 'schema', d.schema, 'profile', d.profile, 'datasetVersionId', d.dataset_version_id,
          'tags', rd.tags) order by rd.created_at, d.id)
        from run_dataset rd join logged_dataset d on d.id = rd.logged_dataset_id where rd.run_id = r.id) as datasets,
      (select json_agg(json_build_object('id', rm.logged_model_id, 'direction', rm.direction, 'step', rm.step::text)
          order by rm.created_at, rm.logged_model_id, rm.step)
        from run_model rm where rm.run_id = r.id) as models
    from run r join experiment e on e.id = r.experiment_id
    where r.project_id = ${args.projectId} and r.id = any(${sql.param([...args.ids])}::text[])`)
  return found.rows
}
