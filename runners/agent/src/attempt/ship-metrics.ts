import { appendFileSync } from 'node:fs'
import { MetricPoint } from '@modelyard/contracts'
import { type Api, asRefusal } from '../api.ts'
import { readJson, writeJson } from '../disk.ts'
import { type Folder, MetricCursor } from './folder.ts'
import type { Kept } from './kept.ts'
import { readPart } from './ship-log.ts'

const READ_BYTES = 128 * 1024
const BATCH_POINTS = 1000
/** A line longer than this is no point. */
const MAX_LINE_BYTES = READ_BYTES

type Cursor = { seq: number; from: number; to: number }
type Batch = { to: number; points: MetricPoint[]; bad: number }

function pointOf(line: string): MetricPoint | null {
  try {
    const read = MetricPoint.safeParse(JSON.parse(line))
    return read.success ? read.data : null
  } catch {
    return null
  }
}

/** The whole lines of these bytes, at most one batch; the last one without a line end counts only when `isLast`. */
export function batchOf(bytes: Uint8Array, from: number, isLast: boolean): Batch {
  const batch: Batch = { to: from, points: [], bad: 0 }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = 0; at < buffer.length && batch.points.length < BATCH_POINTS; ) {
    const end = buffer.indexOf(10, at)
    if (end < 0 && !isLast && buffer.length < MAX_LINE_BYTES) break
    const stop = end < 0 ? buffer.length : end
    const line = buffer.toString('utf8', at, stop).trim()
    at = end < 0 ? stop : stop + 1
    batch.to = from + at
    if (line === '') continue
    const point = pointOf(line)
    if (point) batch.points.push(point)
    else batch.bad++
  }
  return batch
}

/**
 * Sends the lines of `metrics.jsonl` in numbered batches. Which bytes a number stands for is written down before it is
 * sent, so that a later agent sends the same under the same number and nothing is counted twice or lost.
 */
export function metricShipper(api: Api, kept: Kept, folder: Folder) {
  const claim = { attemptId: kept.attemptId, fence: kept.accepted.fence }
  let cursor: Cursor = readJson(folder.cursor, MetricCursor) ?? { seq: 0, from: 0, to: 0 }

  async function sendBatch(signal: AbortSignal): Promise<void> {
    const { seq, from, to } = cursor
    const { points } = batchOf(readPart(folder.metrics, from, to - from), from, true)
    const send = (sent: MetricPoint[]) =>
      api.persist(
        'metrics',
        (each) => api.runner.attempt.logMetrics.mutate({ ...claim, seq, points: sent }, { signal: each }),
        {
          signal,
        },
      )
    try {
      await send(points)
    } catch (error) {
      // A batch that is refused for what it holds would be refused for ever: an empty one takes its number.
      if (asRefusal(error)?.code !== 'invalid') throw error
      await send([])
    }
    cursor = { seq: seq + 1, from: to, to }
    writeJson(folder.cursor, cursor)
  }

  return {
    /** Everything that is there now. Answers the number of the next batch. */
    ship: async (signal: AbortSignal, isLast: boolean): Promise<number> => {
      if (cursor.to > cursor.from) await sendBatch(signal)
      for (;;) {
        const bytes = readPart(folder.metrics, cursor.from, READ_BYTES)
        const batch = batchOf(bytes, cursor.from, isLast && bytes.length < READ_BYTES)
        if (batch.to === cursor.from) return cursor.seq
        if (batch.bad > 0)
          appendFileSync(folder.log, `[modelyard] ${batch.bad} line(s) of metrics.jsonl are no metric points\n`)
        cursor = { ...cursor, to: batch.to }
        writeJson(folder.cursor, cursor)
        await sendBatch(signal)
      }
    },
  }
}
