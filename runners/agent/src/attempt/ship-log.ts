import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { LogAck } from '@modelyard/contracts'
import type { Api } from '../api.ts'
import type { Kept } from './kept.ts'
import { maskSecret } from './mask.ts'

const PART_BYTES = 256 * 1024

/** At most `limit` bytes of a file from an offset; empty where there is no file or nothing more. */
export function readPart(path: string, from: number, limit: number): Buffer<ArrayBuffer> {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
  try {
    const bytes = Buffer.alloc(Math.max(0, Math.min(limit, fstatSync(file).size - from)))
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from))
  } finally {
    closeSync(file)
  }
}

/**
 * Sends the bytes of the log file. Where the other side stands it learns from the answers: a later agent begins at zero,
 * is told what is there already and goes on. The token that the program logs with never goes along, whatever it prints.
 */
export function logShipper(api: Api, kept: Kept, path: string) {
  const { attemptId, accepted } = kept
  const secret = accepted.mlflow === null ? null : Buffer.from(accepted.mlflow.token)
  let next = 0
  const send = async (body: Buffer<ArrayBuffer>, signal: AbortSignal) => {
    const path = `/attempts/${attemptId}/log?fence=${accepted.fence}&offset=${next}`
    const ack = LogAck.parse(await api.put('log', path, { body, signal }))
    next = ack.state === 'ok' ? ack.size : ack.next
  }
  return {
    /** How much the other side has: sending nothing asks for it. */
    taken: async (signal: AbortSignal): Promise<number> => {
      await send(Buffer.alloc(0), signal)
      return next
    },
    /** Go on from there: what is behind it has been taken. */
    rewind: (to: number): void => {
      next = to
    },
    /** Everything that is there now, to the last byte once the program has ended. Answers the length that has been taken. */
    ship: async (signal: AbortSignal, isEnd: boolean): Promise<number> => {
      for (;;) {
        const bytes = readPart(path, next, PART_BYTES)
        const ready = secret === null ? bytes.length : maskSecret(bytes, secret, isEnd && bytes.length < PART_BYTES)
        if (ready === 0) return next
        await send(bytes.subarray(0, ready), signal)
      }
    },
  }
}
