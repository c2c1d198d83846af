import { takeExpiredUploads } from '@modelyard/db'
import type { Ctx } from '../context.ts'

const BATCH = 100

/** Forget uploads that expired, with their bytes; answers how many. For the clock, not for callers. */
export async function sweepUploads(ctx: Ctx): Promise<number> {
  const ids = await takeExpiredUploads(ctx.db, { now: ctx.now(), limit: BATCH })
  for (const id of ids) await ctx.blobs.discard(id)
  return ids.length
}
