import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { listLedger, tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Ctx } from '../context.ts'
import { type TestStage, testStage } from '../testing/context.ts'
import { runSeeder } from '../testing/runs.ts'
import { deleteArtifact } from './delete.ts'
import { listArtifactFolder } from './list.ts'
import { openArtifact } from './open.ts'
import { previewArtifact } from './preview.ts'
import { writeArtifact } from './write.ts'

let database: TestDatabase
let stage: TestStage
let editor: Ctx
let addRun: ReturnType<typeof runSeeder>['addRun']
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  editor = stage.as('editor')
  addRun = runSeeder(stage).addRun
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const ofRun = (id: string) => ({ project: 'digits', owner: { kind: 'run' as const, id } })
const write = (id: string, path: string, text: string, ctx = editor) =>
  writeArtifact(ctx, { ...ofRun(id), path, body: Readable.from([Buffer.from(text)]) })
const read = async (id: string, path: string, ctx = editor) => {
  const { read: start } = await openArtifact(ctx, { ...ofRun(id), path })
  return String(await buffer(await start()))
}
const list = async (id: string, folder = '') => (await listArtifactFolder(editor, { ...ofRun(id), folder })).entries

test('files are written, listed by folder, read and taken away', async () => {
  const id = await addRun({ name: 'files' })
  expect(await write(id, 'model/MLmodel', 'flavors')).toEqual({
    path: 'model/MLmodel',
    sha256: sha256('flavors'),
    sizeBytes: 7,
  })
  await write(id, 'model/data/a b#ü?.txt', '')
  await write(id, 'Z.txt', 'z')
  await write(id, 'a.txt', 'a')
  expect(await list(id)).toEqual([
    { name: 'Z.txt', sizeBytes: 1 },
    { name: 'a.txt', sizeBytes: 1 },
    { name: 'model', sizeBytes: null },
  ])
  expect(await list(id, 'model/')).toEqual([
    { name: 'MLmodel', sizeBytes: 7 },
    { name: 'data', sizeBytes: null },
  ])
  expect(await list(id, 'model/data')).toEqual([{ name: 'a b#ü?.txt', sizeBytes: 0 }])
  expect(await list(id, 'Z.txt')).toEqual([])
  expect(await list(id, 'mod')).toEqual([])
  expect(await read(id, 'model/data/a b#ü?.txt')).toBe('')
  expect(await deleteArtifact(editor, { ...ofRun(id), path: 'model' })).toEqual({ deleted: 2 })
  expect(await deleteArtifact(editor, { ...ofRun(id), path: 'model' })).toEqual({ deleted: 0 })
  await expect(read(id, 'model/MLmodel')).rejects.toMatchObject({ code: 'not_found' })
  expect(await deleteArtifact(editor, { ...ofRun(id), path: '' })).toEqual({ deleted: 2 })
  const entries = await listLedger(database.db, { projectId: stage.project.id, limit: 10, targetId: id })
  expect(entries.map(({ action, detail }) => [action, detail])).toEqual([
    ['artifact.deleted', { path: '', deleted: 2 }],
    ['artifact.deleted', { path: 'model', deleted: 2 }],
  ])
})

test('a later body replaces an earlier one; of many at once one stands whole; again changes nothing', async () => {
  const id = await addRun({ name: 'overwritten' })
  await write(id, 'x', 'first')
  await write(id, 'x', 'second')
  expect(await read(id, 'x')).toBe('second')
  const bodies = Array.from({ length: 8 }, (_, index) => String(index).repeat(100_000))
  await Promise.all(bodies.map((body) => write(id, 'x', body)))
  expect(bodies).toContain(await read(id, 'x'))
  await write(id, 'x', 'second')
  await write(id, 'x', 'second')
  expect([await read(id, 'x'), (await list(id)).length]).toEqual(['second', 1])
})

test('a body that breaks off leaves what stood there', async () => {
  const id = await addRun({ name: 'broken' })
  await write(id, 'x', 'whole')
  const body = Readable.from(
    (async function* () {
      yield Buffer.from('half')
      throw new Error('aborted')
    })(),
  )
  await expect(writeArtifact(editor, { ...ofRun(id), path: 'x', body })).rejects.toThrow('aborted')
  expect(await read(id, 'x')).toBe('whole')
  const rows = await database.db
    .select()
    .from(tables.blob)
    .where(eq(tables.blob.sha256, sha256('half')))
  expect(rows).toEqual([])
})

test('a path is a file or a folder, never both', async () => {
  const id = await addRun({ name: 'clash' })
  await write(id, 'a/b', 'x')
  for (const path of ['a', 'a/b/c', 'a/b/c/d'])
    await expect(write(id, path, 'y')).rejects.toMatchObject({ code: 'conflict', field: 'path' })
  await expect(read(id, 'a')).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('folder') })
  await expect(read(id, '')).rejects.toMatchObject({ code: 'invalid' })
  await write(id, 'ab', 'z')
})

test('too large a body is refused, before it is read where its length is told', async () => {
  const id = await addRun({ name: 'large' })
  const ctx = { ...editor, maxArtifactBytes: 4 }
  const body = Readable.from([Buffer.from('12345')])
  const told = writeArtifact(ctx, { ...ofRun(id), path: 'x', body, announcedBytes: 5 })
  await expect(told).rejects.toMatchObject({ code: 'too_large' })
  expect(body.readableDidRead).toBe(false)
  await expect(write(id, 'x', '12345', ctx)).rejects.toMatchObject({ code: 'too_large' })
  await write(id, 'x', '1234', ctx)
})

test('viewers read and do not write; strangers learn nothing', async () => {
  const id = await addRun({ name: 'guarded' })
  await write(id, 'x', 'theirs')
  const viewer = stage.as('viewer')
  expect(await read(id, 'x', viewer)).toBe('theirs')
  await expect(write(id, 'x', 'mine', viewer)).rejects.toMatchObject({ code: 'forbidden' })
  await expect(deleteArtifact(viewer, { ...ofRun(id), path: 'x' })).rejects.toMatchObject({ code: 'forbidden' })
  const elsewhere = { ...ofRun(id), project: 'digits-b' }
  for (const place of [ofRun(id), elsewhere]) {
    const body = Readable.from([Buffer.from('x')])
    await expect(openArtifact(stage.stranger, { ...place, path: 'x' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(listArtifactFolder(stage.stranger, { ...place, folder: '' })).rejects.toMatchObject({
      code: 'not_found',
    })
    await expect(writeArtifact(stage.stranger, { ...place, path: 'x', body })).rejects.toMatchObject({
      code: 'not_found',
    })
    await expect(deleteArtifact(stage.stranger, { ...place, path: 'x' })).rejects.toMatchObject({ code: 'not_found' })
  }
})

test('a training process reads the files of other jobs and writes none there', async () => {
  const id = await addRun({ name: 'of a job' })
  await database.db.update(tables.run).set({ jobId: 'job_mine' }).where(eq(tables.run.id, id))
  const ids = { attemptId: 'att_1', jobId: 'job_other', runId: id, projectId: stage.project.id }
  const scope = { project: stage.project, role: 'editor' as const }
  const other = { ...stage.ctx({ kind: 'attempt', ...ids, fence: 1 }), scope }
  await write(id, 'x', 'mine')
  await expect(write(id, 'x', 'not', other)).rejects.toMatchObject({ code: 'forbidden' })
  expect(await read(id, 'x', other)).toBe('mine')
})

test('what belongs to a deleted run is read and not changed', async () => {
  const id = await addRun({ name: 'deleted' })
  await write(id, 'x', 'kept')
  await database.db.update(tables.run).set({ deletedAt: stage.clock.now() }).where(eq(tables.run.id, id))
  expect(await read(id, 'x')).toBe('kept')
  await expect(write(id, 'x', 'late')).rejects.toMatchObject({ code: 'invalid' })
  await expect(deleteArtifact(editor, { ...ofRun(id), path: 'x' })).rejects.toMatchObject({ code: 'invalid' })
})

test('a preview is the beginning as text, cut between characters; what is no text is none', async () => {
  const id = await addRun({ name: 'previewed' })
  await write(id, 'long.txt', 'ü'.repeat(10))
  const preview = (path: string, maxBytes?: number) =>
    previewArtifact(stage.as('viewer'), { ...ofRun(id), path, ...(maxBytes === undefined ? {} : { maxBytes }) })
  expect(await preview('long.txt', 7)).toMatchObject({ text: 'üüü', isWhole: false, sizeBytes: 20 })
  expect(await preview('long.txt')).toMatchObject({ text: 'ü'.repeat(10), isWhole: true, mediaType: 'text/plain' })
  await write(id, 'empty.json', '')
  expect(await preview('empty.json')).toMatchObject({ text: '', isWhole: true })
  const bytes = Readable.from([Buffer.from([0xff, 0xfe, 0])])
  await writeArtifact(editor, { ...ofRun(id), path: 'model.pkl', body: bytes })
  expect(await preview('model.pkl')).toMatchObject({ text: null, mediaType: 'application/octet-stream' })
})
