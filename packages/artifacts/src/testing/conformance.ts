import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import type { BlobStore } from '../store.ts'
import { blob, broken, newUpload, part, sha256, stretch } from './bytes.ts'

/** What every store must do, whatever it is made of. `store` answers a fresh, empty one for each test. */
export function conformance(store: () => BlobStore): void {
  for (const part of [blobs, names, streams, faultsOfStreams, resumable, faultsOfParts, completion, scale])
    describe(part.name, () => part(store))
}

function blobs(store: () => BlobStore): void {
  test('what was put is read back whole, in ranges and by size', async () => {
    const bytes = Buffer.from('the quick brown fox')
    const stored = await store().put(bytes)
    expect(stored).toEqual(blob(bytes))
    expect(await store().put(bytes)).toEqual(stored)
    expect(await store().size(stored.sha256)).toBe(19)
    expect(await store().whole(stored.sha256, 19)).toEqual(bytes)
    expect(await buffer(await store().open(stored.sha256))).toEqual(bytes)
    expect(String(await buffer(await store().open(stored.sha256, { start: 4, end: 8 })))).toBe('quick')
    expect(String(await buffer(await store().open(stored.sha256, { start: 16, end: 2 ** 52 })))).toBe('fox')
  })

  test('what is not there or too large is refused by name', async () => {
    const absent = 'a'.repeat(64)
    expect(await store().size(absent)).toBeNull()
    await expect(store().open(absent)).rejects.toMatchObject({ code: 'not_found' })
    await expect(store().open(absent, { start: 0, end: 1 })).rejects.toMatchObject({ code: 'not_found' })
    await expect(store().whole(absent, 1)).rejects.toMatchObject({ code: 'not_found' })
    const { sha256: known } = await store().put(Buffer.from('12345'))
    await expect(store().whole(known, 4)).rejects.toMatchObject({ code: 'too_large', details: { sizeBytes: 5 } })
  })
}

function names(store: () => BlobStore): void {
  test.each([
    { start: 5, end: 9 },
    { start: -1, end: 2 },
    { start: 3, end: 2 },
    { start: 0.5, end: 2 },
    { start: Number.NaN, end: 2 },
  ])('the range $start to $end of five bytes is refused', async (range) => {
    const { sha256: known } = await store().put(Buffer.from('12345'))
    await expect(store().open(known, range)).rejects.toMatchObject({ code: 'invalid', field: 'range' })
  })

  test.each([
    '../../../etc/passwd',
    '',
    '.',
    'A'.repeat(64),
    'a'.repeat(63),
    `${'a'.repeat(63)}/`,
    'a'.repeat(65),
    '%2e%2e',
    'a\0',
  ])('the name %j is no hash, so it never meets what is stored', async (name) => {
    const refused = { code: 'invalid', field: 'sha256' }
    await expect(async () => store().size(name)).rejects.toMatchObject(refused)
    await expect(async () => store().open(name)).rejects.toMatchObject(refused)
    await expect(async () => store().remove(name)).rejects.toMatchObject(refused)
    const named = { sha256: name, sizeBytes: 1 }
    await expect(async () => store().complete(newUpload(), named)).rejects.toMatchObject(refused)
  })

  test('a removed blob is gone, and may come again; removing what is not there is fine', async () => {
    const { sha256: known } = await store().put(Buffer.from('passing'))
    await store().remove(known)
    await store().remove(known)
    expect(await store().size(known)).toBeNull()
    await store().put(Buffer.from('passing'))
    expect(await store().size(known)).toBe(7)
  })
}

function streams(store: () => BlobStore): void {
  test('a stream of any length is stored under its hash, in pieces of any size', async () => {
    const bytes = Buffer.from(Array.from({ length: 5_000 }, (_, index) => index % 251))
    const pieces = [bytes.subarray(0, 1), Buffer.alloc(0), bytes.subarray(1, 4_000), bytes.subarray(4_000)]
    expect(await store().write(Readable.from(pieces))).toEqual(blob(bytes))
    expect(await store().whole(sha256(bytes), 5_000)).toEqual(bytes)
    expect(await store().write(Readable.from(pieces))).toEqual(blob(bytes))
  })

  test('thousands of pieces of one byte come out in order', async () => {
    const bytes = Buffer.from(Array.from({ length: 3_000 }, (_, index) => index % 256))
    const body = Readable.from([...bytes].map((byte) => Buffer.from([byte])))
    expect(await store().write(body)).toEqual(blob(bytes))
    expect(await store().whole(sha256(bytes), 3_000)).toEqual(bytes)
  })

  test('nothing at all is a blob too', async () => {
    const nothing = Buffer.alloc(0)
    expect(await store().write(Readable.from([]))).toEqual(blob(nothing))
    expect(await store().size(sha256(nothing))).toBe(0)
    expect(await buffer(await store().open(sha256(nothing)))).toEqual(nothing)
    expect(await store().put(nothing)).toEqual(blob(nothing))
  })
}

function faultsOfStreams(store: () => BlobStore): void {
  test('a body that breaks off leaves nothing', async () => {
    await expect(store().write(broken('half', ' a body'))).rejects.toThrow('aborted')
    expect(await store().size(sha256(Buffer.from('half a body')))).toBeNull()
  })

  test('a body that is too long is refused, and its stream is left to the caller', async () => {
    const body = Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(3)))
    await expect(store().write(body, { maxBytes: 5 })).rejects.toMatchObject({ code: 'too_large' })
    expect(body.destroyed).toBe(false)
    expect(await store().write(Readable.from([Buffer.alloc(5)]), { maxBytes: 5 })).toMatchObject({ sizeBytes: 5 })
  })

  test('whoever holds bytes is told before they can be seen, and may stop it', async () => {
    const bytes = Buffer.from('announced')
    const seen: unknown[] = []
    const beforeShown = async (announced: { sha256: string }) => {
      seen.push(announced, await store().size(announced.sha256))
    }
    const stop = async () => Promise.reject(new Error('stop'))
    await expect(store().write(Readable.from([bytes]), { beforeShown: stop })).rejects.toThrow('stop')
    await expect(store().put(bytes, { beforeShown: stop })).rejects.toThrow('stop')
    await store().write(Readable.from([bytes]), { beforeShown })
    await store().put(bytes, { beforeShown })
    expect(seen).toEqual([blob(bytes), null, blob(bytes), 9])
  })

  test('the same bytes written many times at once are one blob', async () => {
    const bytes = Buffer.alloc(300_000, 'x')
    const stored = await Promise.all(Array.from({ length: 6 }, () => store().write(Readable.from([bytes]))))
    expect(new Set(stored.map((one) => one.sha256))).toEqual(new Set([sha256(bytes)]))
    expect(await store().whole(sha256(bytes), 300_000)).toEqual(bytes)
  })

  test('memory stays flat however large the body is', async () => {
    const { body, blob: expected } = stretch(160)
    const before = process.memoryUsage().rss
    expect(await store().write(body)).toEqual(expected)
    let read = 0
    for await (const piece of await store().open(expected.sha256)) read += (piece as Buffer).byteLength
    expect(read).toBe(expected.sizeBytes)
    expect(process.memoryUsage().rss - before).toBeLessThan(160 << 20)
  })
}

function resumable(store: () => BlobStore): void {
  test('parts arrive in order, are repeated and overlap, and the bytes come out once', async () => {
    const bytes = Buffer.from('0123456789')
    const id = newUpload()
    expect(await store().received(id)).toBe(0)
    expect(await store().append(id, part(bytes.subarray(0, 4)))).toBe(4)
    expect(await store().append(id, part(bytes.subarray(0, 4)))).toBe(4)
    expect(await store().append(id, part(bytes.subarray(2, 7), 2))).toBe(7)
    expect(await store().append(id, part(bytes.subarray(7), 7))).toBe(10)
    expect(await store().received(id)).toBe(10)
    await store().complete(id, blob(bytes))
    expect(await store().whole(sha256(bytes), 100)).toEqual(bytes)
    await store().complete(id, blob(bytes))
    await store().discard(id)
    expect(await store().received(id)).toBe(0)
  })

  test('a blob that is there already is not given to whoever only names its hash', async () => {
    const stored = await store().put(Buffer.from('secret'))
    const id = newUpload()
    await expect(store().complete(id, stored)).rejects.toMatchObject({ code: 'gap' })
    await store().append(id, part(Buffer.from('guess!')))
    await expect(store().complete(id, stored)).rejects.toMatchObject({ code: 'invalid', field: 'sha256' })
    expect(String(await store().whole(stored.sha256, 10))).toBe('secret')
  })
}

function faultsOfParts(store: () => BlobStore): void {
  test('an offset that is ahead is refused with the place to go on', async () => {
    const id = newUpload()
    await store().append(id, part(Buffer.from('abc')))
    const ahead = store().append(id, part(Buffer.from('x'), 5))
    await expect(ahead).rejects.toMatchObject({ code: 'gap', details: { next: 3 } })
    await expect(store().append(id, part(Buffer.from('x'), -1))).rejects.toMatchObject({ code: 'invalid' })
    await expect(store().append(id, part(Buffer.from('x'), 1.5))).rejects.toMatchObject({ code: 'invalid' })
  })

  test('bytes beyond the limit of a part are refused, and the stream is left to the caller', async () => {
    const id = newUpload()
    const body = Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(3)))
    await expect(store().append(id, { offset: 0, body, maxBytes: 5 })).rejects.toMatchObject({ code: 'too_large' })
    expect(await store().received(id)).toBe(5)
    expect(body.destroyed).toBe(false)
  })

  test('a broken connection keeps what arrived', async () => {
    const id = newUpload()
    const cut = store().append(id, { offset: 0, body: broken('abc'), maxBytes: 100 })
    await expect(cut).rejects.toThrow('aborted')
    expect(await store().received(id)).toBe(3)
    expect(await store().append(id, part(Buffer.from('def'), 3))).toBe(6)
  })
}

function completion(store: () => BlobStore): void {
  test('a wrong hash names both and shows nothing; the upload stays until it is discarded', async () => {
    const id = newUpload()
    const announced = blob(Buffer.from('good'))
    await store().append(id, part(Buffer.from('evil')))
    const refusal = store().complete(id, announced)
    await expect(refusal).rejects.toMatchObject({ code: 'invalid', field: 'sha256' })
    await expect(refusal).rejects.toThrow(sha256(Buffer.from('evil')))
    await expect(refusal).rejects.toThrow(announced.sha256)
    expect(await store().size(announced.sha256)).toBeNull()
    expect(await store().received(id)).toBe(4)
    await store().discard(id)
    await store().discard(id)
    expect(await store().received(id)).toBe(0)
  })

  test('too few and too many bytes are told apart', async () => {
    const bytes = Buffer.from('abcdef')
    const id = newUpload()
    await expect(store().complete(id, blob(bytes))).rejects.toMatchObject({ code: 'gap', details: { next: 0 } })
    await store().append(id, part(bytes.subarray(0, 2)))
    await expect(store().complete(id, blob(bytes))).rejects.toMatchObject({ code: 'gap', details: { next: 2 } })
    await store().append(id, part(Buffer.from('cdefgh'), 2))
    await expect(store().complete(id, blob(bytes))).rejects.toMatchObject({ code: 'invalid', field: 'sizeBytes' })
  })

  test('a request that still writes after completion cannot change the blob', async () => {
    const bytes = Buffer.from('0123456789')
    const id = newUpload()
    await store().append(id, part(bytes.subarray(0, 4)))
    const gate = Promise.withResolvers<void>()
    const body = Readable.from(
      (async function* () {
        await gate.promise
        yield Buffer.from('EVIL!!')
      })(),
    )
    const late = store().append(id, { offset: 4, body, maxBytes: 100 })
    await store().append(id, part(bytes.subarray(4), 4))
    await store().complete(id, blob(bytes))
    gate.resolve()
    await late
    expect(await store().whole(sha256(bytes), 100)).toEqual(bytes)
  })
}

function scale(store: () => BlobStore): void {
  test('many uploads of the same bytes at once give one blob', async () => {
    const bytes = Buffer.alloc(300_000, 'x')
    await Promise.all(
      Array.from({ length: 6 }, newUpload).map(async (id) => {
        await store().append(id, part(bytes))
        await store().complete(id, blob(bytes))
        await store().discard(id)
      }),
    )
    expect(await store().whole(sha256(bytes), 300_000)).toEqual(bytes)
  })

  test.each(['../x', 'upl_', 'run_01hv0000000000000000000000', `upl_${'0'.repeat(25)}/`, `upl_${'0'.repeat(26)}\0`])(
    'the upload id %j is refused',
    async (id) => {
      await expect(async () => store().append(id, part(Buffer.from('x')))).rejects.toMatchObject({ field: 'uploadId' })
      await expect(async () => store().received(id)).rejects.toMatchObject({ code: 'invalid' })
      await expect(async () => store().discard(id)).rejects.toMatchObject({ code: 'invalid' })
    },
  )

  test('an upload of many parts keeps memory flat', async () => {
    const { body, blob: expected } = stretch(48)
    const id = newUpload()
    const before = process.memoryUsage().rss
    expect(await store().append(id, { offset: 0, body, maxBytes: expected.sizeBytes })).toBe(expected.sizeBytes)
    await store().complete(id, expected)
    expect(process.memoryUsage().rss - before).toBeLessThan(128 << 20)
    expect(await store().size(expected.sha256)).toBe(expected.sizeBytes)
    await store().discard(id)
    expect(await store().received(id)).toBe(0)
  })
}
