import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { BlobStore } from '@modelyard/artifacts'
import { appendLedger, tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { deleteArtifact } from '../artifact/delete.ts'
import { holding } from '../artifact/hold.ts'
import { writeArtifact } from '../artifact/write.ts'
import { actorOf, type Ctx } from '../context.ts'
import { type TestStage, testStage } from '../testing/context.ts'
import { runSeeder } from '../testing/runs.ts'
import { appendUpload } from '../upload/append.ts'
import { beginUpload } from '../upload/begin.ts'
import { completeUpload } from '../upload/complete.ts'
import { readableBlob } from '../upload/open.ts'
import { collectBlobs } from './collect.ts'

const HOUR_MS = 3_600_000
let database: TestDatabase
let stage: TestStage
let editor: Ctx
let runId: string
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  editor = stage.as('editor')
  runId = await runSeeder(stage).addRun({ name: 'collected' })
})
/** What an earlier test let go of is none of the next one's. */
beforeEach(async () => {
  stage.clock.advance(25 * HOUR_MS)
  await collectBlobs(editor)
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const place = () => ({ project: 'digits', owner: { kind: 'run' as const, id: runId } })
const write = (path: string, text: string, ctx = editor) =>
  writeArtifact(ctx, { ...place(), path, body: Readable.from([Buffer.from(text)]) })
const remove = (path: string) => deleteArtifact(editor, { ...place(), path })
/** Written, let go of, and past the time of grace. */
async function abandon(text: string): Promise<string> {
  await write('abandoned', text)
  await remove('abandoned')
  stage.clock.advance(25 * HOUR_MS)
  return sha256(text)
}
const held = async (text: string) => (await editor.blobs.size(sha256(text))) !== null
const rowOf = async (hash: string) => database.db.select().from(tables.blob).where(eq(tables.blob.sha256, hash))

test('bytes that nobody names go a day after they were let go of, row and all, and are counted', async () => {
  await write('kept', 'named by an artifact')
  await write('x', 'overwritten')
  stage.clock.advance(48 * HOUR_MS)
  await write('x', 'the newer')
  await write('y', 'deleted')
  await remove('y')
  expect(await collectBlobs(editor)).toEqual({ blobs: 0, bytes: 0 })
  stage.clock.advance(25 * HOUR_MS)
  expect(await collectBlobs(editor)).toEqual({ blobs: 2, bytes: 18 })
  expect(stage.events.at(-1)).toEqual({ kind: 'blobs_collected', blobs: 2, bytes: 18 })
  expect([await held('overwritten'), await held('deleted')]).toEqual([false, false])
  expect([await held('named by an artifact'), await held('the newer')]).toEqual([true, true])
  expect(await rowOf(sha256('deleted'))).toEqual([])
  expect(await collectBlobs(editor)).toEqual({ blobs: 0, bytes: 0 })
})

test.each([
  ['in its detail', (hash: string) => ({ targetId: 'mv_gone', detail: { deep: [{ sha256: hash }] } })],
  ['as its target', (hash: string) => ({ targetId: hash, detail: {} })],
])('what an entry of the ledger names %s stays for ever', async (where, named) => {
  const text = `released once, ${where}`
  const hash = await abandon(text)
  await database.db.transaction((tx) =>
    appendLedger(tx, {
      projectId: stage.project.id,
      at: stage.clock.now(),
      actor: actorOf(editor.principal),
      action: 'model.registered',
      targetKind: 'model_version',
      summary: 'a version that is no more',
      ...named(hash),
    }),
  )
  stage.clock.advance(1_000 * 24 * HOUR_MS)
  expect(await collectBlobs(editor)).toMatchObject({ blobs: 0 })
  expect(await held(text)).toBe(true)
})

test.each([
  [
    'a version of a model',
    async (hash: string) => {
      const of = { projectId: stage.project.id, sizeBytes: 1 }
      await database.db
        .insert(tables.model)
        .values({ id: 'mdl_1', projectId: of.projectId, name: 'm', createdAt: stage.clock.now() })
      await database.db.insert(tables.modelVersion).values({
        ...{ ...of, id: 'mv_1', modelId: 'mdl_1', version: 1, stage: 'candidate', sha256: 'of the list' },
        ...{ signature: {}, classes: [], codeCommit: '', gates: [], gatesPassed: true },
        ...{ createdBy: actorOf(editor.principal), createdAt: stage.clock.now() },
      })
      const file = { ...of, modelVersionId: 'mv_1', path: 'model.pkl', mediaType: 'application/octet-stream' }
      await database.db.insert(tables.modelVersionFile).values({ ...file, sha256: hash })
    },
  ],
  [
    'an upload that goes on',
    (hash: string) =>
      database.db.insert(tables.upload).values({
        ...{ id: editor.newId('upl'), projectId: stage.project.id, sha256: hash, sizeBytes: 1, createdBy: 'x' },
        ...{ mediaType: 'text/csv', createdAt: stage.clock.now() },
        expiresAt: new Date(stage.clock.now().getTime() + HOUR_MS),
      }),
  ],
])('what %s names stays', async (named, name) => {
  const hash = await abandon(named)
  await name(hash)
  expect(await collectBlobs(editor)).toMatchObject({ blobs: 0 })
  expect(await held(named)).toBe(true)
})

test('bytes that were asked for by hash, to be named soon, are left alone', async () => {
  const hash = await abandon('to be registered')
  await readableBlob(editor, { projectId: stage.project.id, sha256: hash })
  expect(await collectBlobs(editor)).toMatchObject({ blobs: 0 })
  stage.clock.advance(25 * HOUR_MS)
  const announced = { project: 'digits', sha256: hash, sizeBytes: 16, mediaType: 'text/csv' }
  expect(await beginUpload(editor, announced)).toMatchObject({ state: 'have' })
  expect(await collectBlobs(editor)).toMatchObject({ blobs: 0 })
  stage.clock.advance(25 * HOUR_MS)
  expect(await collectBlobs(editor)).toMatchObject({ blobs: 1 })
  expect(await beginUpload(editor, announced)).toMatchObject({ state: 'upload', offset: 0 })
})

test('one run takes a bounded number, the longest unheld first', async () => {
  for (const text of ['one', 'two', 'three']) await abandon(text)
  expect(await collectBlobs(editor, 2)).toMatchObject({ blobs: 2 })
  expect([await held('one'), await held('two'), await held('three')]).toEqual([false, false, true])
  expect(await collectBlobs(editor, 2)).toMatchObject({ blobs: 1 })
})

/** A store in which something happens right before a step. */
const around = (before: Partial<Record<'remove', () => Promise<void>>>): BlobStore => ({
  ...editor.blobs,
  remove: async (hash) => {
    await before.remove?.()
    await editor.blobs.remove(hash)
  },
})

test.each([
  ['as a stream', (text: string) => write('again', text)],
  ['as a resumable upload', (text: string) => resumable(text)],
  ['by this process', (text: string) => editor.blobs.put(Buffer.from(text), { beforeShown: holding(editor) })],
])('the same bytes sent again %s while the collector takes them out: they are there afterwards', async (way, send) => {
  const text = `racing ${way}`
  await abandon(text)
  const racers: Promise<unknown>[] = []
  const blobs = around({
    remove: async () => {
      // The collector has looked, found nobody and holds the row; the bytes still lie there when the sending begins.
      racers.push(send(text))
      await wait(300)
    },
  })
  expect(await collectBlobs({ ...editor, blobs })).toMatchObject({ blobs: 1 })
  await Promise.all(racers)
  expect(await held(text)).toBe(true)
  expect(await rowOf(sha256(text))).toHaveLength(1)
})

async function resumable(text: string): Promise<void> {
  const announced = { project: 'digits', sha256: sha256(text), sizeBytes: text.length, mediaType: 'text/csv' }
  const begun = await beginUpload(stage.as('admin'), announced)
  if (begun.state === 'have') throw new Error('the collector had withdrawn it')
  const { uploadId } = begun
  const body = Readable.from([Buffer.from(text)])
  await appendUpload(stage.as('admin'), { uploadId, offset: 0, body, maxBytes: 100 })
  await completeUpload(stage.as('admin'), { uploadId })
}

test('many writers, deleters and collectors at once: whatever is named is there', async () => {
  const texts = ['red', 'green', 'blue']
  for (let round = 0; round < 12; round++) {
    const work = texts.flatMap((text, index) => [
      write(`stress/${index}-${round % 3}`, text),
      remove(`stress/${(index + 1) % 3}-${round % 3}`),
      collectBlobs(editor),
    ])
    await Promise.all(work)
    stage.clock.advance(25 * HOUR_MS)
    await Promise.all([collectBlobs(editor), ...texts.map((text, index) => write(`last/${index}`, text))])
    const rows = await database.db.select().from(tables.artifact).where(eq(tables.artifact.ownerId, runId))
    const lost = await Promise.all(
      rows.map(async (row) => ((await editor.blobs.size(row.sha256)) === null ? row : null)),
    )
    expect(lost.filter((row) => row !== null)).toEqual([])
    await remove('last')
  }
}, 60_000)

test('a collector that died between its steps is finished by the next; meanwhile nobody is told the bytes are there', async () => {
  const hash = await abandon('half gone')
  const blobs = around({ remove: () => Promise.reject(new Error('died')) })
  await expect(collectBlobs({ ...editor, blobs })).rejects.toThrow('died')
  const announced = { project: 'digits', sha256: hash, sizeBytes: 9, mediaType: 'text/csv' }
  expect(await beginUpload(editor, announced)).toMatchObject({ state: 'upload' })
  stage.clock.advance(25 * HOUR_MS)
  expect(await collectBlobs(editor)).toMatchObject({ blobs: 1 })
  expect(await held('half gone')).toBe(false)
})
