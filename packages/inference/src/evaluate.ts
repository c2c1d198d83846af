/** Runs a model file over labelled or unlabelled rows, in the same kind of process that will serve it. */

import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { refuse } from '@modelyard/domain/refusal'
import type { Dtype } from '@modelyard/domain/tensor/datatype'
import { numbersOf, type Tensor, tensorOf } from '@modelyard/domain/tensor/tensor'
import { inspectModel } from './onnx/inspect.ts'
import { isBatchable } from './pool/batch.ts'
import { createModelPool, type ModelPool, type PoolOptions } from './pool/pool.ts'

/** Rows as the model takes them: `values` holds `rows * width` numbers in row-major order. */
export type EvaluationRows = { values: Float32Array | Float64Array; width: number }

/**
 * `outputs[i]` are the numbers of the model's i-th output over all rows, in order, with their width per row.
 * `latencyMs` is sorted ascending: one entry per run of `batchRows` rows, request to answer, without the first runs.
 */
export type Evaluation = {
  outputs: { name: string; width: number; values: Float64Array }[]
  latencyMs: number[]
  batchRows: number
  runMs: number
}

const BATCH_ROWS = 256
const LATENCY_RUNS = 200
const WARM_UP_RUNS = 20

export type EvaluationOptions = Pick<PoolOptions, 'entry' | 'memoryLimitBytes' | 'signal'> & {
  /** Over all rows and outputs; a model that gives more is refused. */
  maxOutputValues?: number
}

type Source = EvaluationRows & { name: string; dtype: Dtype; tail: number[] }

function tensorOfRows(source: Source, from: number, rows: number): Tensor {
  const values = source.values.subarray(from * source.width, (from + rows) * source.width)
  return tensorOf({ name: source.name, dtype: source.dtype, shape: [rows, ...source.tail] }, values)
}

async function runAll(
  pool: ModelPool,
  source: Source,
  {
    batchRows,
    maxOutputValues = Number.POSITIVE_INFINITY,
  }: { batchRows: number; maxOutputValues?: number | undefined },
): Promise<Pick<Evaluation, 'outputs' | 'runMs'>> {
  const rows = source.values.length / source.width
  const parts: Tensor[][] = []
  let runMs = 0
  let given = 0
  for (let from = 0; from < rows; from += batchRows) {
    const result = await pool.infer({ inputs: [tensorOfRows(source, from, Math.min(batchRows, rows - from))] })
    given += result.outputs.reduce((sum, { shape }) => sum + shape.reduce((product, dim) => product * dim, 1), 0)
    if (given > maxOutputValues)
      refuse('too_large', `The model gives more than ${maxOutputValues} numbers.`, { field: 'model' })
    parts.push(result.outputs)
    runMs += result.runMs
  }
  const names = parts[0]?.map(({ name }) => name) ?? []
  const outputs = names.map((name, index) => {
    const values = Float64Array.from(parts.flatMap((part) => (part[index] ? numbersOf(part[index]) : [])))
    return { name, width: values.length / rows, values }
  })
  return { outputs, runMs }
}

async function measureLatency(pool: ModelPool, source: Source): Promise<number[]> {
  const rows = source.values.length / source.width
  const latencyMs: number[] = []
  for (let run = 0; run < WARM_UP_RUNS + LATENCY_RUNS; run++) {
    const inputs = [tensorOfRows(source, run % rows, 1)]
    const started = performance.now()
    await pool.infer({ inputs })
    if (run >= WARM_UP_RUNS) latencyMs.push(performance.now() - started)
  }
  return latencyMs.sort((a, b) => a - b)
}

/**
 * Evaluates an ONNX file with one input: every row's outputs, and the latency of single rows.
 * @throws Refusal `invalid`/`unsupported` for a model or rows that do not fit each other
 */
export async function evaluateModel(
  path: string,
  rows: EvaluationRows,
  options: EvaluationOptions = {},
): Promise<Evaluation> {
  const bytes = await readFile(path)
  const signature = inspectModel(bytes)
  const [input, ...others] = signature.inputs
  if (!input || others.length > 0)
    return refuse('unsupported', 'Only models with one input can be evaluated.', { field: 'model' })
  const tail = input.shape.slice(1).map((dim) => (typeof dim === 'number' ? dim : rows.width))
  const count = rows.values.length / rows.width
  if (tail.reduce((product, dim) => product * dim, 1) !== rows.width || !Number.isInteger(count) || count === 0) {
    refuse('invalid', `The model takes rows of shape [${tail.join(', ')}], not ${rows.width} numbers.`, {
      field: 'rows',
    })
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const batchRows = isBatchable(signature) ? BATCH_ROWS : 1
  const { maxOutputValues, ...process } = options
  const pool = await createModelPool({ modelPath: path, sha256, signature, maxBatchRows: batchRows, ...process })
  try {
    const source: Source = { ...rows, name: input.name, dtype: input.dtype as Dtype, tail }
    const { outputs, runMs } = await runAll(pool, source, { batchRows, maxOutputValues })
    return { outputs, runMs, latencyMs: await measureLatency(pool, source), batchRows: 1 }
  } finally {
    await pool.close(0)
  }
}

/** The same for a model that comes from a store; the process that runs it needs a file, which is gone afterwards. */
export async function evaluateStored(
  body: Readable,
  rows: EvaluationRows,
  options: EvaluationOptions = {},
): Promise<Evaluation> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-evaluate-'))
  try {
    const path = join(folder, 'model.onnx')
    await pipeline(body, createWriteStream(path))
    return await evaluateModel(path, rows, options)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
