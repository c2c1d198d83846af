import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { endpoint, ledgerEntry, outbox, rollout, rolloutEvidence } from '../schema/index.ts'

export type RolloutRow = typeof rollout.$inferSelect
export type RolloutPatch = Partial<
  Pick<RolloutRow, 'state' | 'stepIndex' | 'stepStartedAt' | 'evidence' | 'evidenceTo' | 'reason' | 'endedAt'>
>

export const ACTIVE_ROLLOUTS: RolloutRow['state'][] = ['progressing', 'paused']

export async function insertRollout(db: Db, row: Omit<RolloutRow, 'number'>): Promise<RolloutRow> {
  const [newest] = await db
    .select({ number: rollout.number })
    .from(rollout)
    .where(eq(rollout.endpointId, row.endpointId))
    .orderBy(desc(rollout.number))
    .limit(1)
  const [made] = await db
    .insert(rollout)
    .values({ ...row, number: (newest?.number ?? 0) + 1 })
    .returning()
  if (!made) throw new Error('the rollout was not returned')
  return made
}

/** A rollout with its endpoint's name. */
export async function findRollout(db: Db, args: { projectId: string; rolloutId: string }) {
  const [row] = await db
    .select({ rollout, endpoint })
    .from(rollout)
    .innerJoin(endpoint, eq(rollout.endpointId, endpoint.id))
    .where(and(eq(rollout.id, args.rolloutId), eq(rollout.projectId, args.projectId)))
  return row ?? null
}

/** Take the row for this transaction and read it as it is now. */
export async function lockRollout(db: Db, rolloutId: string): Promise<RolloutRow | null> {
  const [row] = await db.select().from(rollout).where(eq(rollout.id, rolloutId)).for('update')
  return row ?? null
}

/** The newest rollout that brought this variant, in one of these states. */
export async function findRolloutTo(
  db: Db,
  args: { endpointId: string; variantIds: string[]; states: RolloutRow['state'][] },
): Promise<RolloutRow | null> {
  if (args.variantIds.length === 0) return null
  const [row] = await db
    .select()
    .from(rollout)
    .where(
      and(
        eq(rollout.endpointId, args.endpointId),
        inArray(rollout.toVariantId, args.variantIds),
        inArray(rollout.state, args.states),
      ),
    )
    .orderBy(desc(rollout.number))
    .limit(1)
    .for('update')
  return row ?? null
}

/** Every running rollout of the installation, with its endpoint: what the worker looks at each second. */
export async function listActiveRollouts(db: Db) {
  return db
    .select({ rollout, endpoint })
    .from(rollout)
    .innerJoin(endpoint, eq(rollout.endpointId, endpoint.id))
    .where(inArray(rollout.state, ACTIVE_ROLLOUTS))
    .orderBy(asc(rollout.id))
}

export async function listRolloutRows(
  db: Db,
  args: { projectId: string; endpointId?: string; active?: boolean; limit: number; beforeId?: string },
) {
  return db
    .select({ rollout, endpoint })
    .from(rollout)
    .innerJoin(endpoint, eq(rollout.endpointId, endpoint.id))
    .where(
      and(
        eq(rollout.projectId, args.projectId),
        args.endpointId === undefined ? undefined : eq(rollout.endpointId, args.endpointId),
        args.active ? inArray(rollout.state, ACTIVE_ROLLOUTS) : undefined,
        args.beforeId === undefined ? undefined : sql`${rollout.id} < ${args.beforeId}`,
      ),
    )
    .orderBy(desc(rollout.id))
    .limit(args.limit)
}

/**
 * Write what was decided on `before`, if nobody decided meanwhile. A move bumps the revision that people's commands
 * compare against; folding evidence alone does not, or their page would be stale every second, and compares `evidenceTo`.
 */
export async function patchRollout(
  db: Db,
  args: { before: RolloutRow; patch: RolloutPatch; isMove: boolean },
): Promise<RolloutRow | null> {
  const { before, patch, isMove } = args
  const [row] = await db
    .update(rollout)
    .set({ ...patch, ...(isMove ? { revision: sql`${rollout.revision} + 1` } : {}) })
    .where(
      and(eq(rollout.id, before.id), eq(rollout.revision, before.revision), eq(rollout.evidenceTo, before.evidenceTo)),
    )
    .returning()
  return row ?? null
}

export type EvidencePoint = { at: Date; guard: string; logE: number }

export async function insertEvidence(
  db: Db,
  args: { rolloutId: string; projectId: string; points: EvidencePoint[] },
): Promise<void> {
  if (args.points.length === 0) return
  const { rolloutId, projectId } = args
  await db
    .insert(rolloutEvidence)
    .values(args.points.map((point) => ({ ...point, rolloutId, projectId })))
    .onConflictDoNothing()
}

/** The course of each guard, thinned to about `points` each; the last one is always in. */
export async function readEvidence(db: Db, args: { rolloutId: string; points: number }): Promise<EvidencePoint[]> {
  const { rows } = await db.execute<Omit<EvidencePoint, 'at'> & { at: string }>(sql`
    select at, guard, log_e as "logE" from (
      select *, row_number() over (partition by guard order by at desc) - 1 as nth,
             greatest(1, ceil(count(*) over (partition by guard) / ${args.points}::float8))::bigint as every
      from rollout_evidence where rollout_id = ${args.rolloutId}) as numbered
    where mod(nth, every) = 0 order by at, guard`)
  return rows.map((row) => ({ ...row, at: new Date(row.at) }))
}

/** Ledger entries about one thing, oldest first. */
export async function ledgerAbout(db: Db, args: { projectId: string; targetId: string; limit: number }) {
  const rows = await db
    .select()
    .from(ledgerEntry)
    .where(and(eq(ledgerEntry.projectId, args.projectId), eq(ledgerEntry.targetId, args.targetId)))
    .orderBy(desc(ledgerEntry.seq))
    .limit(args.limit)
  return rows.toReversed()
}

/** Announce work for the worker; it leaves with the commit. */
export async function insertOutbox(
  db: Db,
  args: { projectId: string; topic: string; payload: Record<string, string | number>; at: Date },
): Promise<number> {
  const { projectId, topic, payload, at } = args
  const [row] = await db
    .insert(outbox)
    .values({ projectId, topic, payload, createdAt: at, availableAt: at })
    .returning({ id: outbox.id })
  return row?.id ?? 0
}
