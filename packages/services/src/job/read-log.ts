import type { LogWindow } from '@modelyard/contracts'
import { findJob, findJobOfRun, findShownAttempt, readLogBytes } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { keptBytes } from './append-log.ts'

export type ReadLog = {
  project: string
  runId?: string | undefined
  jobId?: string | undefined
  /** In bytes; -1 is the tail. */
  offset: number
  limit: number
}

/**
 * A window of the newest attempt's log. The text has exactly as many UTF-8 bytes as were read, so that the next offset
 * is `offset` plus its length in bytes: what is no UTF-8 shows as `?`, and a character cut by the window's end is left
 * for the next one.
 */
export async function readLog(ctx: Ctx, input: ReadLog): Promise<LogWindow> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const scope = { projectId: project.id }
  const job = input.jobId
    ? await findJob(ctx.db, { ...scope, id: input.jobId })
    : await findJobOfRun(ctx.db, { ...scope, runId: input.runId ?? '' })
  if (!job) {
    if (input.jobId) refuse('not_found', `there is no job ${input.jobId} in ${input.project}`, { field: 'jobId' })
    return { attemptId: null, offset: 0, text: '', totalBytes: 0, ended: true }
  }
  const attempt = await findShownAttempt(ctx.db, job.id)
  const ended = job.endedAt !== null
  if (!attempt) return { attemptId: null, offset: 0, text: '', totalBytes: 0, ended }
  const kept = keptBytes(attempt.logBytes)
  const isTail = input.offset < 0
  const from = isTail ? Math.max(0, kept - input.limit) : Math.min(input.offset, kept)
  const bytes = await readLogBytes(ctx.db, { attemptId: attempt.id, from, to: Math.min(kept, from + input.limit) })
  const skip = isTail && from > 0 ? leadingContinuation(bytes) : 0
  const atEnd = from + bytes.length >= kept && (ended || attempt.endedAt !== null)
  const text = decodeSameLength(bytes.subarray(skip), atEnd)
  return { attemptId: attempt.id, offset: from + skip, text, totalBytes: kept, ended }
}

const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80

function leadingContinuation(bytes: Uint8Array): number {
  let skip = 0
  while (skip < 3 && isContinuation(bytes[skip])) skip++
  return skip
}

function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1
  if (lead >= 0xc2 && lead < 0xe0) return 2
  if (lead >= 0xe0 && lead < 0xf0) return 3
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 to text whose UTF-8 is as long as the bytes taken; an unfinished last character is taken only when `whole`. */
export function decodeSameLength(bytes: Uint8Array, whole: boolean): string {
  const decode = (part: Uint8Array) => strict.decode(part)
  try {
    return decode(bytes)
  } catch {
    return decodeSlowly(bytes, { decode, whole })
  }
}

function decodeSlowly(bytes: Uint8Array, args: { decode: (part: Uint8Array) => string; whole: boolean }): string {
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at] ?? 0)
    if (length > 1 && at + length > bytes.length && !args.whole && bytes.subarray(at + 1).every(isContinuation)) break
    const part = bytes.subarray(at, at + Math.max(1, length))
    try {
      text += length === 0 ? '?' : args.decode(part)
      at += part.length
    } catch {
      text += '?'
      at += 1
    }
  }
  return text
}
