import { sql } from 'drizzle-orm'
import type { Db } from './client.ts'

/** Channels of LISTEN/NOTIFY. Payloads carry ids only; a lost one is found again by a sweep or a poll. */
export type Nudge =
  | { channel: 'modelyard_change'; payload: { noun: string; id: string; projectId: string } }
  | { channel: 'modelyard_runner'; payload: { runnerId: string } }
  | { channel: 'modelyard_routes'; payload: Record<string, never> }
  | { channel: 'modelyard_plan'; payload: Record<string, never> }

export const CHANNELS = ['modelyard_change', 'modelyard_runner', 'modelyard_routes', 'modelyard_plan'] as const

/** What `modelyard_change` says of a row. */
export const changeOf = (change: { noun: string; id: string; projectId: string }) => JSON.stringify(change)

/** Inside a transaction the nudge leaves with the commit and never without it. */
export async function notify(db: Db, nudge: Nudge): Promise<void> {
  await db.execute(sql`select pg_notify(${nudge.channel}, ${JSON.stringify(nudge.payload)})`)
}
