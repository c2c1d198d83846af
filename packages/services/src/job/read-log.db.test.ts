import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestRunner, type TrainingStage, trainingStage } from '../testing/training.ts'
import { appendLog, LOG_CAP_BYTES } from './append-log.ts'
import { decodeSameLength, readLog } from './read-log.ts'

let database: TestDatabase
let stage: TrainingStage
let runner: TestRunner
beforeAll(async () => {
  database = await testDatabase()
  stage = await trainingStage(database.db)
  runner = await stage.runner()
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

test('a log is read in windows whose text is as long as the bytes, whatever they are', async () => {
  const job = await stage.submit()
  const taken = await runner.take()
  const bytes = Buffer.concat([
    Buffer.from('Grüße 世界 🚂\n'),
    Buffer.from([0xff, 0xc3, 0x28, 0xe4, 0xb8]),
    Buffer.from('end'),
  ])
  await appendLog(runner.ctx, { ...taken, offset: 0, bytes: bytes.subarray(0, 8) })
  await appendLog(runner.ctx, { ...taken, offset: 4, bytes: bytes.subarray(4) })
  const read = (offset: number, limit: number) =>
    readLog(stage.as('viewer'), { project: stage.project.slug, jobId: job.id, offset, limit })
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const part = await read(at, 7)
    expect(part).toMatchObject({ offset: at, totalBytes: bytes.length, ended: false })
    at += Buffer.byteLength(part.text)
    text += part.text
    if (part.text === '') break
  }
  expect(text).toBe('Grüße 世界 🚂\n??(??end')
  expect(await read(-1, 3)).toMatchObject({ text: 'end', offset: bytes.length - 3 })
})

test('a log that is too long is cut with a line that says so, and goes on being counted', async () => {
  const job = await stage.submit()
  const second = await stage.runner()
  const { ctx } = second
  const taken = await second.take()
  await database.db
    .update(tables.attempt)
    .set({ logBytes: LOG_CAP_BYTES - 3 })
    .where(eq(tables.attempt.id, taken.attemptId))
  const size = LOG_CAP_BYTES - 3
  expect(await appendLog(ctx, { ...taken, offset: size, bytes: Buffer.from('abcdef') })).toEqual({
    state: 'ok',
    size: size + 6,
  })
  expect(await appendLog(ctx, { ...taken, offset: size + 6, bytes: Buffer.from('gh') })).toEqual({
    state: 'ok',
    size: size + 8,
  })
  const tail = await readLog(stage.as('viewer'), {
    project: stage.project.slug,
    jobId: job.id,
    offset: size,
    limit: 60,
  })
  expect(tail.text).toMatch(/^abc\n\[the log was cut here/)
  expect(tail.offset + tail.text.length).toBe(tail.totalBytes)
})

test('decoding keeps the length for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(Buffer.byteLength(decodeSameLength(bytes, true))).toBe(bytes.length)
    }),
  )
})
