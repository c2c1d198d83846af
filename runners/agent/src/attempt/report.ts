import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Finish } from '@modelyard/contracts'
import { type AttemptEnd, classifyExit } from '@modelyard/domain'
import { z } from 'zod'
import { readJson } from '../disk.ts'
import type { Exit, Folder } from './folder.ts'
import type { Kept } from './kept.ts'
import { maskSecret } from './mask.ts'
import { readPart } from './ship-log.ts'

const TAIL_BYTES = 4096
const MAX_REASON = 500

export type Report = z.output<typeof Finish>
type Ending = Pick<Report, 'outcome' | 'exitCode' | 'failClass' | 'reason' | 'result'>

/**
 * The last line that says something; programs tend to end with why. Text that the control plane can take, whatever was
 * written, and without the secret.
 */
export function lastWords(path: string, secret = ''): string {
  let size = 0
  try {
    size = statSync(path).size
  } catch {
    return ''
  }
  // Read from a little before, so that no secret is cut through unseen.
  const from = Math.max(0, size - TAIL_BYTES)
  const before = Math.min(from, secret.length)
  const bytes = readPart(path, from - before, TAIL_BYTES + before)
  if (secret !== '') maskSecret(bytes, Buffer.from(secret), true)
  const lines = bytes
    .subarray(before)
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim())
  // A stack trace says why in its first line.
  return (
    lines
      .findLast((line) => line !== '' && !line.startsWith('at ') && !line.startsWith('Node.js v'))
      ?.slice(0, MAX_REASON)
      .toWellFormed()
      .replaceAll('\0', '') ?? ''
  )
}

function endingOf(end: AttemptEnd, exit: Exit, { kept, folder }: { kept: Kept; folder: Folder }): Ending {
  const { exitCode } = exit
  const plain = { exitCode, failClass: null, reason: null }
  switch (end.kind) {
    case 'succeeded': {
      const result = readJson(join(folder.outputs, 'result.json'), z.unknown())
      if (result !== null) return { ...plain, outcome: 'succeeded', result }
      const reason = 'it ended well but left no readable outputs/result.json'
      return { ...plain, outcome: 'failed', failClass: 'user', reason }
    }
    case 'canceled':
      return { ...plain, outcome: 'canceled' }
    case 'preempted':
      return { ...plain, outcome: 'preempted' }
    case 'failed': {
      const failClass = end.failClass === 'lost' ? 'infra' : end.failClass
      const words = failClass === 'user' ? lastWords(folder.log, kept.accepted.mlflow?.token) : ''
      return { ...plain, outcome: 'failed', failClass, reason: words === '' ? end.message : `${end.message}: ${words}` }
    }
    default:
      return {
        ...plain,
        outcome: 'failed',
        failClass: 'infra',
        reason: 'the control plane was out of reach for too long',
      }
  }
}

/** How an attempt ended, for the control plane. */
export function reportOf(
  args: { kept: Kept; folder: Folder },
  exit: Exit | 'gone',
  shipped: { logBytes: number; nextMetricSeq: number },
): Report {
  const { kept } = args
  const claim = { attemptId: kept.attemptId, fence: kept.accepted.fence, ...shipped }
  if (exit === 'gone') {
    const reason = 'the process that watched over it was killed'
    return { ...claim, outcome: 'failed', exitCode: null, failClass: 'infra', reason }
  }
  return { ...claim, ...endingOf(classifyExit(exit), exit, args) }
}
