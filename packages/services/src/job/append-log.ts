import type { LogAck } from '@modelyard/contracts'
import { insertLogChunk, setLogBytes } from '@modelyard/db'
import { acceptChunk, refuse } from '@modelyard/domain'
import type { z } from 'zod'
import type { Ctx } from '../context.ts'
import { holdAttempt } from './hold.ts'

/** What one call may carry. */
export const LOG_PART_BYTES = 1024 * 1024
/** What is kept of one attempt; the rest is counted, so that the runner can finish, and said to be missing. */
export const LOG_CAP_BYTES = 64 * 1024 * 1024
const CUT = Buffer.from('\n[the log was cut here: no more of it is kept]\n')

/** How many bytes can be read of a log of that length. */
export const keptBytes = (logBytes: number): number =>
  logBytes > LOG_CAP_BYTES ? LOG_CAP_BYTES + CUT.length : logBytes

export type LogPart = { attemptId: string; fence: number; offset: number; bytes: Uint8Array }

/**
 * Append the bytes of a log from `offset`. What is stored already is skipped, so a lost reply does no harm; a hole is
 * answered with where to go on. No nudge: readers look every half second.
 */
export async function appendLog(ctx: Ctx, part: LogPart): Promise<z.output<typeof LogAck>> {
  if (!Number.isSafeInteger(part.offset) || part.offset < 0 || !Number.isSafeInteger(part.fence))
    refuse('invalid', 'fence and offset are whole numbers', { field: 'offset' })
  if (part.bytes.length > LOG_PART_BYTES)
    refuse('too_large', `a part of a log has at most ${LOG_PART_BYTES} bytes`, { field: 'body' })
  return ctx.db.transaction(async (tx) => {
    const attempt = await holdAttempt(ctx, tx, part)
    const verdict = acceptChunk(attempt.logBytes, part.offset, part.bytes.length)
    if (verdict.kind === 'gap') return { state: 'gap', next: verdict.nextBytes }
    if (verdict.kind === 'duplicate') return { state: 'ok', size: verdict.sizeBytes }
    const kept = keptOf(part.bytes.subarray(verdict.skipBytes), attempt.logBytes)
    if (kept.length > 0) await insertLogChunk(tx, { attemptId: attempt.id, offset: attempt.logBytes, bytes: kept })
    await setLogBytes(tx, { id: attempt.id, logBytes: verdict.sizeBytes })
    return { state: 'ok', size: verdict.sizeBytes }
  })
}

/** The part that crosses the limit ends with a line that says so. */
function keptOf(bytes: Uint8Array, offset: number): Buffer {
  const room = LOG_CAP_BYTES - offset
  if (bytes.length <= room) return Buffer.from(bytes)
  return room < 0 ? Buffer.alloc(0) : Buffer.concat([bytes.subarray(0, room), CUT])
}
