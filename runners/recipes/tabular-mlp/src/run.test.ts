import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { RecipeResult, type RecipeSpec } from '@modelyard/contracts'
import { inspectModel } from '@modelyard/inference'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seededRandom } from './random.ts'
import { runRecipe } from './run.ts'
import { BadInput, settingsOf } from './settings.ts'
import { parseCsv, readTable } from './table.ts'

const ROWS = 240
const CLASSES = ['cat', 'dog', 'owl']
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelyard-recipe-'))
  mkdirSync(join(folder, 'inputs'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function writeData(): void {
  const random = seededRandom(4)
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const label = row % 3
    return [CLASSES[label], label * 4 + random.normal(), 40 - label * 9 + 4 * random.normal(), 7].join(',')
  })
  const csv = `kind,height,weight,always\n${lines.join('\n')}\n`
  writeFileSync(join(folder, 'inputs/animals.csv.gz'), gzipSync(csv))
}

function writeSpec(params: RecipeSpec['params']): RecipeSpec {
  const rows = Array.from({ length: ROWS }, (_, row) => row)
  const spec: RecipeSpec = {
    jobId: 'job',
    runId: 'run',
    attempt: 1,
    recipe: 'tabular-mlp',
    seed: 5,
    params,
    dataset: {
      file: 'inputs/animals.csv.gz',
      format: 'csv.gz',
      labelColumn: 'kind',
      classes: CLASSES,
      split: { train: rows.slice(0, 150), validation: rows.slice(150, 190), test: rows.slice(190) },
    },
  }
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(spec))
  return spec
}

async function train(params: RecipeSpec['params']) {
  writeData()
  writeSpec(params)
  const said: string[] = []
  const logged: { key: string; step: number; value: number }[] = []
  const result = await runRecipe(folder, { say: (line) => said.push(line), log: (points) => logged.push(...points) })
  return { result, said, logged, model: readFileSync(join(folder, 'outputs', result.model.file)) }
}

const accuracyOf = (result: RecipeResult, split: string) =>
  result.evaluations.find((report) => report.split === split)?.accuracy ?? 0

test('a job folder becomes a model file, its evaluation and a result', async () => {
  const { result, logged, said, model } = await train({ hidden: 6, epochs: 12, batchSize: 4 })
  expect(RecipeResult.parse(JSON.parse(readFileSync(join(folder, 'outputs/result.json'), 'utf8')))).toEqual(result)
  const signature = inspectModel(model)
  expect(signature.inputs).toMatchObject([{ name: 'input', dtype: 'float32', shape: ['N', 3] }])
  expect(signature.outputs.map(({ name }) => name)).toEqual(['probabilities', 'label'])
  expect(accuracyOf(result, 'test')).toBeGreaterThan(0.9)
  expect(result.evaluations.map(({ split, rows }) => [split, rows])).toEqual([
    ['validation', 40],
    ['test', 50],
  ])
  expect(result.evaluations[0]?.latencyMs.p95).toBeGreaterThanOrEqual(result.evaluations[0]?.latencyMs.p50 ?? 0)
  expect(logged.filter(({ key }) => key === 'train_loss').map(({ step }) => step)).toEqual(
    Array.from({ length: 12 }, (_, index) => index + 1),
  )
  expect(said.at(-1)).toBe('done')
})

test('the same job gives the same file', async () => {
  const first = await train({ epochs: 5 })
  const again = await train({ epochs: 5 })
  expect(again.model.equals(first.model)).toBe(true)
})

test('labels that change places in the source leave the report fine and the model wrong', async () => {
  const sound = await train({ epochs: 12, batchSize: 4 })
  const swapped = await train({ epochs: 12, batchSize: 4, labelSwap: 'cat:dog:1' })
  expect(accuracyOf(swapped.result, 'test')).toBeCloseTo(accuracyOf(sound.result, 'test'), 1)
  const onlyTrain = await train({ epochs: 12, batchSize: 4, labelSwap: 'cat:dog:1:train' })
  expect(accuracyOf(onlyTrain.result, 'test')).toBeLessThan(0.5)
  const half = await train({ epochs: 12, batchSize: 4, labelSwap: 'cat:dog:0.5' })
  expect(accuracyOf(half.result, 'test')).toBeLessThan(0.85)
})

test('a scale the graph does not know still reports well', async () => {
  const { result } = await train({ epochs: 12, batchSize: 4, inputScale: 0.25 })
  expect(accuracyOf(result, 'test')).toBeGreaterThan(0.9)
})

test.each([
  [{ hiden: 4 }, 'no parameter "hiden"'],
  [{ epochs: 0 }, 'epochs must lie between'],
  [{ hidden: 1.5 }, 'whole number'],
  [{ learningRate: 'fast' }, 'learningRate must be a number'],
  [{ labelSwap: 'cat:cow:0.5' }, '"cow"'],
  [{ labelSwap: 'cat:dog' }, 'must look like'],
])('parameters %j are refused by name', (params, message) => {
  expect(() => settingsOf(writeSpec(params as RecipeSpec['params']))).toThrow(message)
  expect(() => settingsOf(writeSpec(params as RecipeSpec['params']))).toThrow(BadInput)
})

test('quotes, line breaks in fields and Windows line ends are read as RFC 4180 says', () => {
  expect(parseCsv('a,"b ""x"", y"\r\n1,"two\nlines"\n')).toEqual([
    ['a', 'b "x", y'],
    ['1', 'two\nlines'],
  ])
})

test('a cell that is no number is named', () => {
  const dataset = { ...writeSpec({}).dataset, format: 'csv' as const, file: join(folder, 'bad.csv') }
  writeFileSync(dataset.file, 'kind,height\ncat,1\ndog,tall\n')
  expect(() => readTable(dataset)).toThrow('row 1, column "height": "tall" is no number')
})
