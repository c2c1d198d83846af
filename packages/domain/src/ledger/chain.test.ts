import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  canonicalJson,
  GENESIS_HASH,
  hashEntry,
  type Json,
  type LedgerContent,
  type LedgerHead,
  type LedgerLink,
  verifyChain,
} from './chain.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

function appendLink(head: LedgerHead, content: Omit<LedgerContent, 'seq'>): LedgerLink {
  const prevHash = head?.hash ?? GENESIS_HASH
  const whole = { ...content, seq: (head?.seq ?? 0) + 1 }
  return { ...whole, prevHash, hash: hashEntry(whole, prevHash, sha256) }
}

function chainOf(length: number): LedgerLink[] {
  const links: LedgerLink[] = []
  let head: LedgerHead = null
  for (let index = 0; index < length; index++) {
    const link = appendLink(head, {
      projectId: 'prj_1',
      at: new Date(index * 1000).toISOString(),
      actor: { kind: 'user', id: `usr_${index % 3}` },
      action: 'rollout.rolled_back',
      target: `ro_${index}`,
      detail: { index, note: 'ünïcode "quoted"' },
    })
    links.push(link)
    head = { seq: link.seq, hash: link.hash }
  }
  return links
}

describe('canonicalJson', () => {
  it('depends on content and not on the order of members', () => {
    expect(canonicalJson({ b: [1, { d: null, c: true }], a: 'x', gone: undefined })).toBe(
      '{"a":"x","b":[1,{"c":true,"d":null}]}',
    )
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const shuffled = Object.fromEntries(Object.entries(value).reverse())
        expect(canonicalJson(shuffled as Json)).toBe(canonicalJson(value as Json))
        expect(canonicalJson(JSON.parse(canonicalJson(value as Json)))).toBe(canonicalJson(value as Json))
      }),
    )
  })

  it('refuses what JSON cannot hold', () => {
    expect(() => canonicalJson({ value: Number.NaN })).toThrow(/no JSON form/)
    expect(() => canonicalJson([undefined as unknown as Json])).toThrow(/no JSON form/)
  })
})

describe('hashEntry', () => {
  it('covers the canonical JSON of the whole entry', () => {
    const [link] = chainOf(1)
    const { prevHash, hash, ...content } = link as LedgerLink
    expect(hash).toBe(sha256(`${prevHash}\n${canonicalJson(content)}`))
  })
})

describe('verifyChain', () => {
  it('accepts what was appended, whole and in batches', () => {
    const links = chainOf(25)
    const last = links[24]
    expect(verifyChain(links, sha256)).toEqual({ ok: true, checked: 25, head: { seq: 25, hash: last?.hash } })
    const first = verifyChain(links.slice(0, 10), sha256)
    expect(first.ok && verifyChain(links.slice(10), sha256, { after: first.head })).toMatchObject({
      ok: true,
      checked: 15,
    })
    expect(verifyChain([], sha256)).toEqual({ ok: true, checked: 0, head: null })
  })

  const length = 12
  const tampering: Record<string, (links: LedgerLink[], at: number) => LedgerLink[]> = {
    edit: (links, at) => links.map((link, index) => (index === at ? { ...link, detail: { forged: true } } : link)),
    'edit of the actor': (links, at) =>
      links.map((link, index) => (index === at ? { ...link, actor: 'somebody' } : link)),
    'edit with its own new hash': (links, at) => {
      const forged = appendLink(at === 0 ? null : { seq: at, hash: links[at - 1]?.hash ?? '' }, {
        ...(links[at] as LedgerLink),
        detail: { forged: true },
      })
      return links.map((link, index) => (index === at ? forged : link))
    },
    deletion: (links, at) => links.filter((_, index) => index !== at),
    insertion: (links, at) => links.flatMap((link, index) => (index === at ? [link, link] : [link])),
    swap: (links, at) => {
      const other = (at + 1) % length
      return links.map((link, index) =>
        index === at ? (links[other] ?? link) : index === other ? (links[at] ?? link) : link,
      )
    },
    'another project': (links, at) =>
      links.map((link, index) => (index === at ? { ...link, projectId: 'prj_2' } : link)),
  }

  it.each(Object.keys(tampering))('notices %s at every position', (kind) => {
    const links = chainOf(length)
    const head = { seq: length, hash: links[length - 1]?.hash ?? '' }
    for (let at = 0; at < length; at++) {
      const tampered = tampering[kind]?.(links, at) ?? links
      expect(verifyChain(tampered, sha256, { expectedHead: head }).ok).toBe(false)
    }
  })

  it('notices a cut tail only by the head that was known', () => {
    const links = chainOf(length)
    const head = { seq: length, hash: links[length - 1]?.hash ?? '' }
    expect(verifyChain(links.slice(0, 5), sha256).ok).toBe(true)
    expect(verifyChain(links.slice(0, 5), sha256, { expectedHead: head })).toMatchObject({
      ok: false,
      fault: { fault: 'head' },
    })
    expect(verifyChain([], sha256, { expectedHead: head }).ok).toBe(false)
  })
})
