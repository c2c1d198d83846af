import { type Db, type HeldRun, holdRun } from '@modelyard/db'
import { hexOfId, refuse } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { fenceOfCaller, requireRunOfCaller } from '../job/tie.ts'

/**
 * A run held for writing until the transaction ends, and the fence that the caller's points carry.
 * @throws Refusal `not_found`; `forbidden` for an attempt that writes to another's run; `invalid` for a deleted run
 */
export async function holdForWriting(
  ctx: Ctx,
  tx: Db,
  args: { projectId: string; runId: string; modelIds?: readonly string[] },
): Promise<HeldRun & { fence: number }> {
  const fence = await fenceOfCaller(ctx, tx)
  const run = await holdOwn(ctx, tx, args)
  if (run.deleted) {
    refuse('invalid', `the run ${hexOfId(args.runId)} is deleted: restore it before writing to it`, { field: 'run_id' })
  }
  return { ...run, fence }
}

/** The same for what may be done to a deleted run. */
export async function holdOwn(
  ctx: Ctx,
  tx: Db,
  args: { projectId: string; runId: string; modelIds?: readonly string[] },
): Promise<HeldRun> {
  const { runId, modelIds = [] } = args
  const run = await holdRun(tx, { ...args, modelIds })
  if (!run) return refuse('not_found', `there is no run with the id ${hexOfId(runId)}`, { field: 'run_id' })
  requireRunOfCaller(ctx.principal, { id: runId, jobId: run.jobId })
  return run
}
