import { type AttemptRow, type Db, findAttempt, type HeldAttempt, lockAttempt, notify } from '@modelyard/db'
import { refuse, requireFence } from '@modelyard/domain'
import { asRunner } from '../access.ts'
import type { Ctx } from '../context.ts'
import type { Change } from '../mutate.ts'

const factsOf = (row: AttemptRow | null) =>
  row && { attemptId: row.id, fence: row.fence, runnerId: row.runnerId, ended: row.endedAt !== null }

/** The attempt's row, locked, if the calling runner holds it with that fence. @throws Refusal `fenced` */
export async function holdAttempt(ctx: Ctx, tx: Db, claim: HeldAttempt): Promise<AttemptRow> {
  const { runnerId } = asRunner(ctx)
  const row = await lockAttempt(tx, claim.attemptId)
  requireFence({ ...claim, runnerId }, factsOf(row))
  return row as AttemptRow
}

/** The same without a lock, for reads. */
export async function readHeldAttempt(ctx: Ctx, claim: HeldAttempt): Promise<AttemptRow> {
  const { runnerId } = asRunner(ctx)
  const row = await findAttempt(ctx.db, claim.attemptId)
  requireFence({ ...claim, runnerId }, factsOf(row))
  return row as AttemptRow
}

/** An attempt of this runner, ended or not. @throws Refusal `fenced` for anybody else's */
export async function readOwnAttempt(ctx: Ctx, attemptId: string): Promise<AttemptRow> {
  const { runnerId } = asRunner(ctx)
  const row = await findAttempt(ctx.db, attemptId)
  if (row?.runnerId !== runnerId) return refuse('fenced', `attempt ${attemptId} is none of this runner's`)
  return row
}

/** Tell pages which rows changed, with the commit. */
export async function announce(tx: Db, projectId: string, changes: Change[]): Promise<void> {
  for (const change of changes) await notify(tx, { channel: 'modelyard_change', payload: { ...change, projectId } })
}
