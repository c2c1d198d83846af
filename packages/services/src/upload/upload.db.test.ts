import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { listLedger } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Ctx } from '../context.ts'
import { type TestStage, testStage } from '../testing/context.ts'
import { appendUpload } from './append.ts'
import { beginUpload } from './begin.ts'
import { completeUpload } from './complete.ts'
import { openBlob } from './open.ts'
import { sweepUploads } from './sweep.ts'

let database: TestDatabase
let stage: TestStage
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const announce = (text: string, project = 'digits') => ({
  project,
  sha256: sha256(text),
  sizeBytes: Buffer.byteLength(text),
  mediaType: 'text/csv',
})
async function begin(ctx: Ctx, text: string, project = 'digits') {
  const begun = await beginUpload(ctx, announce(text, project))
  if (begun.state !== 'upload') throw new Error('it is there already')
  return begun
}
const send = (ctx: Ctx, uploadId: string, text: string, offset = 0) =>
  appendUpload(ctx, { uploadId, offset, body: Readable.from([Buffer.from(text)]), maxBytes: 100 })

test('bytes go up in parts, are checked, and can be read by the project', async () => {
  const editor = stage.as('editor')
  const { uploadId, offset } = await begin(editor, 'hello world')
  expect(offset).toBe(0)
  expect(await send(editor, uploadId, 'hello ')).toEqual({ offset: 6 })
  expect(await begin(editor, 'hello world')).toMatchObject({ uploadId, offset: 6 })
  await expect(completeUpload(editor, { uploadId })).rejects.toMatchObject({ code: 'gap', details: { next: 6 } })
  expect(await send(editor, uploadId, 'world', 6)).toEqual({ offset: 11 })
  const done = { sha256: sha256('hello world'), sizeBytes: 11 }
  expect(await completeUpload(editor, { uploadId })).toEqual(done)
  expect(await completeUpload(editor, { uploadId })).toEqual(done)
  expect(await send(editor, uploadId, 'again')).toEqual({ offset: 11 })
  expect(await beginUpload(editor, announce('hello world'))).toEqual({ state: 'have', sha256: done.sha256 })
  const opened = await openBlob(stage.as('viewer'), {
    project: 'digits',
    sha256: done.sha256,
  })
  expect([opened.sizeBytes, String(await buffer(await opened.read({ start: 6, end: 8 })))]).toEqual([11, 'wor'])
  const entries = await listLedger(database.db, { projectId: stage.project.id, limit: 10 })
  expect(entries.map(({ action, targetId }) => [action, targetId])).toEqual([['blob.uploaded', done.sha256]])
})

test('bytes that turned out wrong are thrown away, so that the right ones can be sent', async () => {
  const editor = stage.as('editor')
  const { uploadId } = await begin(editor, 'right')
  await send(editor, uploadId, 'wrong')
  await expect(completeUpload(editor, { uploadId })).rejects.toMatchObject({ code: 'invalid' })
  expect(await begin(editor, 'right')).toMatchObject({ uploadId, offset: 0 })
  await send(editor, uploadId, 'right')
  expect(await completeUpload(editor, { uploadId })).toMatchObject({ sha256: sha256('right') })
})

test('a project never gets bytes by naming a hash that another one holds', async () => {
  const editor = stage.as('editor')
  const { uploadId } = await begin(editor, 'secret')
  await send(editor, uploadId, 'secret')
  await completeUpload(editor, { uploadId })
  const theirs = await begin(stage.stranger, 'secret', 'digits-b')
  await expect(completeUpload(stage.stranger, theirs)).rejects.toMatchObject({ code: 'gap' })
  const wanted = { project: 'digits-b', sha256: sha256('secret') }
  await expect(openBlob(stage.stranger, wanted)).rejects.toMatchObject({ code: 'not_found' })
  await expect(openBlob(stage.stranger, { ...wanted, project: 'digits' })).rejects.toMatchObject({ code: 'not_found' })
})

test('nobody writes to the upload of another, and a viewer to none', async () => {
  const { uploadId } = await begin(stage.as('editor'), 'mine')
  for (const ctx of [stage.stranger, stage.as('admin'), stage.ctx({ kind: 'runner', runnerId: 'rnr_x', name: 'x' })]) {
    await expect(send(ctx, uploadId, 'mine')).rejects.toMatchObject({ code: 'not_found' })
    await expect(completeUpload(ctx, { uploadId })).rejects.toMatchObject({ code: 'not_found' })
  }
  await expect(beginUpload(stage.as('viewer'), announce('mine'))).rejects.toMatchObject({ code: 'forbidden' })
  await expect(send(stage.as('editor'), '../../etc/passwd', 'x')).rejects.toMatchObject({ code: 'not_found' })
})

test('more than was announced, other bytes and wrong offsets are refused', async () => {
  const editor = stage.as('editor')
  const { uploadId } = await begin(editor, 'abcdef')
  await expect(send(editor, uploadId, 'abcdefg')).rejects.toMatchObject({ code: 'too_large' })
  await expect(send(editor, uploadId, 'a', 7)).rejects.toMatchObject({ code: 'invalid', field: 'offset' })
  await expect(send(editor, uploadId, 'a', -1)).rejects.toMatchObject({ code: 'invalid' })
  const other = await begin(editor, 'honest')
  await send(editor, other.uploadId, 'forged')
  await expect(completeUpload(editor, other)).rejects.toMatchObject({ code: 'invalid', field: 'sha256' })
  await expect(openBlob(editor, { project: 'digits', sha256: sha256('honest') })).rejects.toMatchObject({
    code: 'not_found',
  })
})

test('a hundred that expired go in one run, and who fails half-way leaves the rest with their bytes to the next', async () => {
  const editor = stage.as('editor')
  const texts = Array.from({ length: 105 }, (_, index) => `slow ${index}`)
  const ids: string[] = []
  for (const text of texts) ids.push((await begin(editor, text)).uploadId)
  const [unlucky = ''] = ids.slice(3)
  await send(editor, unlucky, 'slow')
  stage.clock.advance(25 * 3_600_000)
  let discarded = 0
  const discard = async (id: string) => {
    if (id === unlucky) throw new Error('the store is away')
    await editor.blobs.discard(id)
    discarded++
  }
  await expect(sweepUploads({ ...editor, blobs: { ...editor.blobs, discard } })).rejects.toThrow('away')
  expect(await editor.blobs.received(unlucky)).toBe(4)
  expect(discarded + (await sweepUploads(editor))).toBeGreaterThanOrEqual(ids.length)
  expect(await editor.blobs.received(unlucky)).toBe(0)
})

test('an upload that expired is gone, row and bytes', async () => {
  const editor = stage.as('editor')
  const { uploadId } = await begin(editor, 'too slow')
  await send(editor, uploadId, 'too')
  stage.clock.advance(25 * 3_600_000)
  await expect(send(editor, uploadId, ' slow', 3)).rejects.toMatchObject({ code: 'not_found' })
  expect(await sweepUploads(editor)).toBeGreaterThan(0)
  expect(await editor.blobs.received(uploadId)).toBe(0)
  expect(await begin(editor, 'too slow')).toMatchObject({ offset: 0 })
})
