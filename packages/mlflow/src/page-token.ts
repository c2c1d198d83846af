import { Buffer } from 'node:buffer'
import { z } from 'zod'
import { parseJson, writeJson } from './json.ts'

const MAX_TOKEN = 4_096

/** The key after which the next page goes on, as a text that clients hand back and never read. */
export function writePageToken(key: unknown): string {
  return Buffer.from(writeJson(key), 'utf8').toString('base64url')
}

/** A page token of that key; absent, null and "" begin at the front, all else that is not ours is a wrong field. */
export function pageTokenOf<Key extends z.ZodType>(key: Key) {
  const token = z
    .string()
    .max(MAX_TOKEN, 'is no page token of ours')
    .transform((text, context): z.output<Key> => {
      const read = key.safeParse(decode(text))
      if (read.success) return read.data
      context.addIssue({ code: 'custom', message: 'is no page token of ours' })
      return z.NEVER
    })
  return z.preprocess((value) => (value === null || value === '' ? undefined : value), token.optional())
}

function decode(text: string): unknown {
  if (!/^[\w-]+$/.test(text)) return undefined
  try {
    return parseJson(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
