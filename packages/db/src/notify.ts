import { type SQL, sql } from 'drizzle-orm'
import type { Db } from './client.ts'

/** Channels of LISTEN/NOTIFY. Payloads carry ids only; a lost one is found again by a sweep or a poll. */
export type Nudge =
  | { channel: 'modelyard_change'; payload: RowChange }
  | { channel: 'modelyard_runner'; payload: { runnerId: string } }
  | { channel: 'modelyard_routes'; payload: Record<string, never> }
  | { channel: 'modelyard_plan'; payload: Record<string, never> }

export const CHANNELS = ['modelyard_change', 'modelyard_runner', 'modelyard_routes', 'modelyard_plan'] as const

export type RowChange = { noun: string; id: string; projectId: string }

/** What `modelyard_change` says of a row. */
export const changeOf = (change: RowChange) => JSON.stringify(change)

/** A column of a SELECT that announces these rows. */
export const announced = (changes: readonly RowChange[]): SQL =>
  sql`(select count(pg_notify('modelyard_change', change)) from unnest(${sql.param(changes.map(changeOf))}::text[]) c(change))`

/** The same as a statement of its own; nothing for no rows. */
export async function announceChanges(db: Db, changes: readonly RowChange[]): Promise<void> {
  if (changes.length > 0) await db.execute(sql`select ${announced(changes)}`)
}

/** Inside a transaction the nudge leaves with the commit and never without it. */
export async function notify(db: Db, nudge: Nudge): Promise<void> {
  await db.execute(sql`select pg_notify(${nudge.channel}, ${JSON.stringify(nudge.payload)})`)
}
