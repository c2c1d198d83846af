import { type Db, type HeldRun, holdRun } from '@modelyard/db'
import { hexOfId, refuse } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { fenceOfCaller, requireRunOfCaller } from '../job/tie.ts'

/**
 * Hold a run for writing until the transaction ends.
 * @throws Refusal `not_found`; `forbidden` for an attempt that writes to another's run; `invalid` for a deleted run
 */
export async function holdForWriting(ctx: Ctx, tx: Db, args: { projectId: string; runId: string }): Promise<void> {
  await fenceOfCaller(ctx, tx)
  const { deleted } = await holdOwn(ctx, tx, args)
  if (deleted) refuseDeleted(args.runId)
}

/** The same for what may be done to a deleted run. */
export async function holdOwn(ctx: Ctx, tx: Db, args: { projectId: string; runId: string }): Promise<HeldRun> {
  const run = await holdRun(tx, args)
  if (!run) return refuseUnknown(args.runId)
  requireRunOfCaller(ctx.principal, { id: args.runId, jobId: run.jobId })
  return run
}

export function refuseDeleted(runId: string): never {
  return refuse('invalid', `the run ${hexOfId(runId)} is deleted: restore it before writing to it`, { field: 'run_id' })
}

export function refuseUnknown(runId: string): never {
  return refuse('not_found', `there is no run with the id ${hexOfId(runId)}`, { field: 'run_id' })
}
