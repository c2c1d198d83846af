import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestRunner, type TrainingStage, trainingStage } from '../testing/training.ts'
import { appendLog } from './append-log.ts'
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

test('decoding keeps the length for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(Buffer.byteLength(decodeSameLength(bytes, true))).toBe(bytes.length)
    }),
  )
})
