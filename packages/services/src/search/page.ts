import { Buffer } from 'node:buffer'
import { type Hit, pgFault, type Search } from '@modelyard/db'
import { type Order, parseFilter, refuse, type SearchEntity } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { inTime } from './in-time.ts'

export type Question = {
  entity: SearchEntity
  /** All else that decides what is found; a cursor holds for one scope. */
  scope: unknown
  filter: string
  order: readonly Order[]
}
export type Page = {
  hits: Hit[]
  /** The cursor of what comes after a hit of this page. */
  cursorAfter: (hit: Hit | undefined) => string | null
  /** Of what comes after the whole page; null at the end. */
  nextCursor: string | null
}

const MAX_CURSOR = 200_000

/**
 * The ids of a page. A cursor carries the order's values of the last row and a digest of the question.
 * @throws Refusal `invalid` naming `filter`, also of a search that takes too long, or, for a cursor that is none or of
 * another question, `page_token`.
 */
export async function findPage(
  ctx: Ctx,
  question: Question,
  page: { limit: number; cursor: string | undefined; find: (search: Omit<Search, 'within'>) => Promise<Hit[]> },
): Promise<Page> {
  const { entity, scope, filter, order } = question
  const { limit, cursor, find } = page
  const conditions = parseFilter(entity, filter)
  const digest = ctx.sha256(JSON.stringify([entity.noun, scope, filter, order])).slice(0, 16)
  const after = cursor ? readCursor(cursor, { digest, length: order.length }) : null
  const found = await inTime(find({ conditions, order, after, limit: limit + 1 })).catch((error: unknown) => {
    // What a search compares is typed before it gets here, but for a cursor that somebody made up.
    if (after !== null && pgFault(error)?.code.startsWith('22')) return refuseCursor()
    throw error
  })
  const hits = found.slice(0, limit)
  const cursorAfter = (hit: Hit | undefined) => (hit ? writeCursor(digest, hit.at) : null)
  return { hits, cursorAfter, nextCursor: found.length > limit ? cursorAfter(hits.at(-1)) : null }
}

function writeCursor(digest: string, at: Hit['at']): string {
  return Buffer.from(JSON.stringify([digest, ...at])).toString('base64url')
}

function readCursor(cursor: string, wanted: { digest: string; length: number }): (string | null)[] {
  const [digest, ...at] = decode(cursor)
  const whole = at.length === wanted.length && at.every((value) => value === null || typeof value === 'string')
  if (typeof digest !== 'string' || !whole) return refuseCursor()
  if (digest !== wanted.digest) {
    return refuse('invalid', 'this page token is of another filter, order or scope', { field: 'page_token' })
  }
  return at as (string | null)[]
}

function decode(cursor: string): unknown[] {
  if (cursor.length > MAX_CURSOR || !/^[\w-]+$/.test(cursor)) return refuseCursor()
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    return Array.isArray(parsed) ? parsed : refuseCursor()
  } catch {
    return refuseCursor()
  }
}

function refuseCursor(): never {
  return refuse('invalid', 'this is no page token of ours', { field: 'page_token' })
}
