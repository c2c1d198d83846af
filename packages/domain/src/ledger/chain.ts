/**
 * The ledger's hash chain: every entry's hash covers its content and the hash before it, so an edit, a deletion, an
 * insertion or a swap of entries shows. The hash function comes in as an argument (SHA-256 over UTF-8, hexadecimal).
 */
import { refuse } from '../refusal.ts'

/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }
export type HashText = (text: string) => string

/** The hash before the first entry of a project. */
export const GENESIS_HASH = '0'.repeat(64)

/** What one entry's hash covers. `seq` starts at 1 and has no holes; `at` is an ISO 8601 UTC time. */
export type LedgerContent = {
  projectId: string
  seq: number
  at: string
  actor: Json
  action: string
  target: string
  detail: Json
}
export type LedgerLink = LedgerContent & { prevHash: string; hash: string }
export type LedgerHead = { seq: number; hash: string } | null

/**
 * JSON with sorted keys, no blanks and ECMAScript number text (RFC 8785 for the values we allow); `undefined` members
 * are left out as JSON.stringify does. @throws Refusal `invalid` on a number that is not finite.
 */
export function canonicalJson(value: Json | undefined): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) refuse('invalid', `${value} has no JSON form`, { field: 'value' })
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`
  if (typeof value === 'object') {
    const members = Object.entries(value).filter(([, member]) => member !== undefined)
    members.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
  }
  return refuse('invalid', `a value of type ${typeof value} has no JSON form`, { field: 'value' })
}

/** The hash of one entry on top of the hash before it. */
export function hashEntry(content: LedgerContent, prevHash: string, hash: HashText): string {
  const { before, after } = hashedText(content)
  return hash(`${prevHash}\n${before}${content.seq}${after}`)
}

/**
 * What an entry's hash covers beside the hash before it: canonical JSON, parted around the entry's number, because whoever
 * appends knows that only under the lock of the chain's head, in the database.
 */
export function hashedText(content: Omit<LedgerContent, 'seq'>): { before: string; after: string } {
  const { action, actor, at, detail, projectId, target } = content
  const first = canonicalJson({ action, actor, at, detail, projectId })
  return { before: `${first.slice(0, -1)},"seq":`, after: `,"target":${canonicalJson(target)}}` }
}

export type ChainFault = { seq: number; fault: 'hash' | 'link' | 'order' | 'project' | 'head'; message: string }
export type ChainVerdict =
  | { ok: true; checked: number; head: LedgerHead }
  | { ok: false; checked: number; fault: ChainFault }

/** Where verification begins (the link before the first given) and which head is expected at its end, if known. */
export type ChainBounds = { after?: LedgerHead; expectedHead?: LedgerHead }

/** Check links in order; stops at the first fault. Only a known `expectedHead` can show that the tail was cut off. */
export function verifyChain(links: Iterable<LedgerLink>, hash: HashText, bounds: ChainBounds = {}): ChainVerdict {
  let head: LedgerHead = bounds.after ?? null
  let projectId: string | null = null
  let checked = 0
  for (const link of links) {
    const fault = faultOf(link, head, projectId) ?? hashFault(link, hash)
    if (fault) return { ok: false, checked, fault }
    head = { seq: link.seq, hash: link.hash }
    projectId = link.projectId
    checked++
  }
  const fault = headFault(head, bounds.expectedHead ?? null)
  return fault ? { ok: false, checked, fault } : { ok: true, checked, head }
}

function headFault(head: LedgerHead, expected: LedgerHead): ChainFault | null {
  if (expected === null || (head?.seq === expected.seq && head.hash === expected.hash)) return null
  const seq = head?.seq ?? 0
  return {
    seq,
    fault: 'head',
    message: `the chain ends at entry ${seq}, but entry ${expected.seq} was known to be its head`,
  }
}

function faultOf(link: LedgerLink, head: LedgerHead, projectId: string | null): ChainFault | null {
  if (projectId !== null && link.projectId !== projectId) {
    return {
      seq: link.seq,
      fault: 'project',
      message: `entry ${link.seq} belongs to ${link.projectId}, not ${projectId}`,
    }
  }
  const expectedSeq = (head?.seq ?? 0) + 1
  if (link.seq !== expectedSeq) {
    return {
      seq: link.seq,
      fault: 'order',
      message: `entry ${expectedSeq} is missing; ${link.seq} stands in its place`,
    }
  }
  if (link.prevHash !== (head?.hash ?? GENESIS_HASH)) {
    return { seq: link.seq, fault: 'link', message: `entry ${link.seq} does not follow from the entry before it` }
  }
  return null
}

function hashFault(link: LedgerLink, hash: HashText): ChainFault | null {
  if (hashEntry(link, link.prevHash, hash) === link.hash) return null
  return { seq: link.seq, fault: 'hash', message: `entry ${link.seq} was changed after it was written` }
}
