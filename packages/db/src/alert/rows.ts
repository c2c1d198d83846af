import { and, asc, desc, eq, gte, inArray, lt, ne, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { alert, alertChannel, delivery, endpoint, ledgerEntry, project } from '../schema/index.ts'

export type AlertRow = typeof alert.$inferSelect
export type DeliveryRow = typeof delivery.$inferSelect

/** The open alert under this fingerprint, locked so that two evaluations take turns. */
export async function lockOpenAlert(
  db: Db,
  args: { projectId: string; fingerprint: string },
): Promise<AlertRow | null> {
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${args.fingerprint}, 42))`)
  const [row] = await db
    .select()
    .from(alert)
    .where(
      and(eq(alert.projectId, args.projectId), eq(alert.fingerprint, args.fingerprint), ne(alert.state, 'resolved')),
    )
    .for('update')
  return row ?? null
}

export async function lockAlert(db: Db, args: { projectId: string; id: string }): Promise<AlertRow | null> {
  const [row] = await db
    .select()
    .from(alert)
    .where(and(eq(alert.projectId, args.projectId), eq(alert.id, args.id)))
    .for('update')
  return row ?? null
}

export async function insertAlert(db: Db, row: typeof alert.$inferInsert): Promise<void> {
  await db.insert(alert).values(row)
}

export async function updateAlert(db: Db, id: string, set: Partial<AlertRow>): Promise<void> {
  await db
    .update(alert)
    .set({ ...set, revision: sql`${alert.revision} + 1` })
    .where(eq(alert.id, id))
}

/** Newest first with the endpoint's name; `open` leaves resolved ones out. */
export async function listAlertRows(
  db: Db,
  args: {
    projectId: string
    state?: 'firing' | 'acked' | 'resolved'
    open?: boolean
    limit: number
    beforeId?: string
  },
) {
  return db
    .select({ alert, endpoint: endpoint.name })
    .from(alert)
    .leftJoin(endpoint, eq(alert.endpointId, endpoint.id))
    .where(
      and(
        eq(alert.projectId, args.projectId),
        args.state === undefined ? undefined : eq(alert.state, args.state),
        args.open ? ne(alert.state, 'resolved') : undefined,
        args.beforeId === undefined ? undefined : lt(alert.id, args.beforeId),
      ),
    )
    .orderBy(desc(alert.id))
    .limit(args.limit)
}

/** One alert by id, wherever it is: the caller checks the project. */
export async function findAlertRow(db: Db, id: string) {
  const [row] = await db
    .select({ alert, endpoint: endpoint.name, project: project.slug })
    .from(alert)
    .innerJoin(project, eq(alert.projectId, project.id))
    .leftJoin(endpoint, eq(alert.endpointId, endpoint.id))
    .where(eq(alert.id, id))
  return row ?? null
}

export async function deliveriesOf(db: Db, alertIds: string[]) {
  if (alertIds.length === 0) return []
  return db
    .select({ delivery, channel: alertChannel.name, kind: alertChannel.kind })
    .from(delivery)
    .innerJoin(alertChannel, eq(delivery.channelId, alertChannel.id))
    .where(inArray(delivery.alertId, alertIds))
    .orderBy(asc(delivery.id))
}

/** What happened to the endpoint in a span of time, from the ledger. */
export async function ledgerBetween(db: Db, args: { projectId: string; targetIds: string[]; from: Date; to: Date }) {
  if (args.targetIds.length === 0) return []
  return db
    .select()
    .from(ledgerEntry)
    .where(
      and(
        eq(ledgerEntry.projectId, args.projectId),
        inArray(ledgerEntry.targetId, args.targetIds),
        gte(ledgerEntry.at, args.from),
        lt(ledgerEntry.at, args.to),
      ),
    )
    .orderBy(desc(ledgerEntry.seq))
    .limit(50)
}
