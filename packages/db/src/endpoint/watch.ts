import { desc, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { gateway, type ledgerEntry } from '../schema/index.ts'

/** Every gateway, with the generation of each endpoint that it serves now. */
export async function listGateways(db: Db) {
  return db.select().from(gateway).orderBy(desc(gateway.lastSeenAt))
}

export type EndpointWatch = { firing: number; critical: number; drifted: number | null }

/** Firing alerts and the newest drift report of each endpoint. */
export async function watchOf(db: Db, endpointIds: string[]): Promise<Map<string, EndpointWatch>> {
  if (endpointIds.length === 0) return new Map()
  const { rows } = await db.execute<EndpointWatch & { id: string }>(sql`
    select e.id,
      (select count(*)::int from alert a where a.endpoint_id = e.id and a.state = 'firing') as firing,
      (select count(*)::int from alert a where a.endpoint_id = e.id and a.state = 'firing' and a.severity = 'critical') as critical,
      (select d.drifted from drift_report d where d.endpoint_id = e.id order by d.window_to desc limit 1) as drifted
    from unnest(${sql.param(endpointIds)}::text[]) as e(id)`)
  return new Map(rows.map(({ id, ...watch }) => [id, watch]))
}

type LastChange = Pick<typeof ledgerEntry.$inferSelect, 'targetId' | 'action' | 'actor'> & { at: Date }

/** The newest ledger entry about each target. */
export async function lastChanges(db: Db, args: { projectId: string; targetIds: string[] }): Promise<LastChange[]> {
  if (args.targetIds.length === 0) return []
  const { rows } = await db.execute<Omit<LastChange, 'at'> & { at: string }>(sql`
    select distinct on (target_id) target_id as "targetId", action, actor, at
    from ledger_entry where project_id = ${args.projectId} and target_id = any(${sql.param(args.targetIds)}::text[])
    order by target_id, seq desc`)
  return rows.map((row) => ({ ...row, at: new Date(row.at) }))
}
