import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, expect, it } from 'vitest'
import { evaluateModel, evaluateStored } from './evaluate.ts'
import { classifier, loopAsTold } from './testing/models.ts'

const folder = mkdtempSync(join(tmpdir(), 'modelyard-evaluate-test-'))
const path = join(folder, 'model.onnx')
writeFileSync(path, classifier())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('gives every row its outputs in order, and the latency of single rows', async () => {
  const values = Float64Array.from({ length: 2000 }, (_, index) => (index % 4 === 0 || index % 4 === 3 ? 8 : 0))
  const { outputs, latencyMs, batchRows } = await evaluateModel(path, { values, width: 2 })
  expect(outputs).toHaveLength(1)
  expect(outputs[0]).toMatchObject({ name: 'probabilities', width: 3 })
  const probabilities = outputs[0]?.values ?? new Float64Array()
  expect(probabilities).toHaveLength(3000)
  for (let row = 0; row < 1000; row++) expect(probabilities[row * 3 + (row % 2)]).toBeGreaterThan(0.99)
  expect(latencyMs).toHaveLength(200)
  expect(latencyMs[0]).toBeGreaterThan(0)
  expect(latencyMs.at(-1)).toBeGreaterThanOrEqual(latencyMs[100] ?? 0)
  expect(batchRows).toBe(1)
})

it('says which width the model takes', async () => {
  await expect(evaluateModel(path, { values: new Float32Array(9), width: 3 })).rejects.toThrow(
    'rows of shape [2], not 3',
  )
})

it('takes a model from a store, and leaves no file of it', async () => {
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('modelyard-evaluate-'))
  const rows = { values: new Float64Array(20), width: 2 }
  const { outputs } = await evaluateStored(Readable.from([Buffer.from(classifier())]), rows)
  expect(outputs[0]?.values).toHaveLength(30)
  const limited = evaluateStored(Readable.from([Buffer.from(classifier())]), rows, { maxOutputValues: 29 })
  await expect(limited).rejects.toMatchObject({ code: 'too_large' })
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('modelyard-evaluate-'))).toEqual(before)
})

it('ends a model that goes on for ever', async () => {
  const rows = { values: new Float64Array(2).fill(1e18), width: 2 }
  const running = evaluateStored(Readable.from([Buffer.from(loopAsTold())]), rows, {
    signal: AbortSignal.timeout(1_500),
  })
  await expect(running).rejects.toMatchObject({ code: 'unavailable' })
})
