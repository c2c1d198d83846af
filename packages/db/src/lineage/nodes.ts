import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'

export type LineageNodeRow = {
  id: string
  kind: string
  name: string
  number: number | null
  state: string | null
  created_at: Date | null
}

/** What these ids are, in one statement; ids of other projects and of what was deleted are left out. */
export async function readLineageNodes(
  db: Db,
  args: { projectId: string; ids: readonly string[] },
): Promise<LineageNodeRow[]> {
  const { projectId } = args
  const ids = sql`any(${sql.param([...args.ids])}::text[])`
  const none = sql`null::text`
  const result = await db.execute<LineageNodeRow & { created_at: string | Date | null }>(sql`
    select v.id, 'dataset_version' as kind, d.name, v.version as number,
      case when v.blocked then 'blocked' end as state, v.created_at
      from dataset_version v join dataset d on d.id = v.dataset_id where v.project_id = ${projectId} and v.id = ${ids}
    union all select id, 'logged_dataset', name, null, ${none}, created_at
      from logged_dataset where project_id = ${projectId} and id = ${ids}
    union all select id, 'job', name, null, state, created_at from job where project_id = ${projectId} and id = ${ids}
    union all select id, 'run', name, null, status, created_at
      from run where project_id = ${projectId} and id = ${ids} and deleted_at is null
    union all select id, 'logged_model', name, null, ${none}, created_at
      from logged_model where project_id = ${projectId} and id = ${ids} and deleted_at is null
    union all select v.id, 'model_version', m.name, v.version, v.stage, v.created_at
      from model_version v join model m on m.id = v.model_id
      where v.project_id = ${projectId} and v.id = ${ids} and v.deleted_at is null
    union all select t.id, 'variant', e.name, t.number,
      case when e.stable_variant_id = t.id then 'stable' when e.canary_variant_id = t.id then 'canary' end, t.created_at
      from variant t join endpoint e on e.id = t.endpoint_id where t.project_id = ${projectId} and t.id = ${ids}
    union all select o.id, 'rollout', e.name, o.number, o.state, o.started_at
      from rollout o join endpoint e on e.id = o.endpoint_id where o.project_id = ${projectId} and o.id = ${ids}
    union all select id, 'endpoint', name, null, ${none}, created_at
      from endpoint where project_id = ${projectId} and id = ${ids}`)
  return result.rows.map((row) => ({ ...row, created_at: row.created_at === null ? null : new Date(row.created_at) }))
}
