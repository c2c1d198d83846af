import { type Maintained, maintainPartitions, type Swept, sweepOld } from '@modelyard/db'
import type { Ctx } from '../context.ts'
import { sweepUploads } from '../upload/sweep.ts'
import { collectBlobs } from './collect.ts'

const DAY_MS = 86_400_000
/** Seconds of traffic make the charts of a week. */
const TRAFFIC_MS = 8 * DAY_MS
/** As long as a gateway may repeat a batch of its spool. */
const BATCHES_MS = 31 * DAY_MS
const KEYS_MS = DAY_MS
const OUTBOX_MS = 7 * DAY_MS
/** Ended ones; the last try of any comes within four days. */
const DELIVERIES_MS = 30 * DAY_MS

/** Partitions ahead, everything past its time and bytes that nobody names gone. Any number of workers may do it at once. */
export async function maintainStorage(
  ctx: Ctx,
  args: { predictionDays: number },
): Promise<Maintained & Swept & { uploads: number; blobs: number }> {
  const now = ctx.now()
  const before = (ms: number) => new Date(now.getTime() - ms)
  const keepDays = { prediction: args.predictionDays }
  const partitions = await maintainPartitions(ctx.db, { now, daysAhead: 3, keepDays })
  const swept = await sweepOld(ctx.db, {
    trafficFrom: before(TRAFFIC_MS),
    batchesFrom: before(BATCHES_MS),
    keysFrom: before(KEYS_MS),
    outboxFrom: before(OUTBOX_MS),
    deliveriesFrom: before(DELIVERIES_MS),
  })
  const uploads = await sweepUploads(ctx)
  const { blobs } = await collectBlobs(ctx)
  return { ...partitions, ...swept, uploads, blobs }
}
