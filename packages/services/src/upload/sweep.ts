import { takeExpiredUpload } from '@modelyard/db'
import type { Ctx } from '../context.ts'

/**
 * Forget every upload that expired, with its bytes; answers how many. The row goes with the bytes, so that who dies or
 * finds the store away in between leaves both to the next run. For the clock, not for callers.
 */
export async function sweepUploads(ctx: Ctx): Promise<number> {
  for (let swept = 0; ; swept++) {
    const id = await ctx.db.transaction(async (tx) => {
      const expired = await takeExpiredUpload(tx, { now: ctx.now() })
      if (expired !== null) await ctx.blobs.discard(expired)
      return expired
    })
    if (id === null) return swept
  }
}
