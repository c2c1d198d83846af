/** One request through the model: choose the variant, run it, write down what happened, answer. */
import { isRefusal, type RefusalCode, refuse } from '@modelyard/domain/refusal'
import type { Tensor } from '@modelyard/domain/tensor/tensor'
import { chooseVariant } from '@modelyard/domain/traffic/choose-variant'
import type { Outcome } from '../spool/outcome.ts'
import type { TraceContext } from './ids.ts'
import { type Reading, readOutputs } from './interpret.ts'
import type { Served, ServedVariant } from './table.ts'

/** Rows ready for the model; `values` are the same rows flattened, `width` numbers each, for the log. */
export type Input = { tensor: Tensor; values: ArrayLike<number>; width: number; rows: number }

export type PredictRequest = {
  served: Served
  /** The caller's sticky key; without one each request is assigned by its own id. */
  key: string | undefined
  /** Reads the request for the variant that was chosen. @throws Refusal when it does not fit */
  input: (variant: ServedVariant['variant']) => Input
  /** On the clock of `performance.now()`. */
  startedMs: number
  deadlineMs: number
  trace: TraceContext
}

export type ChildSpan = { startedAtMs: number; runMs: number; queueMs: number; batchRows: number }

export type Predicted = {
  variant: ServedVariant['variant']
  ids: string[]
  readings: Reading[]
  outputs: Tensor[][]
  latencyMs: number
  spans: ChildSpan[]
}

/** What one request came to, for metrics and traces. */
export type Seen = {
  served: Served
  variant: ServedVariant['variant']
  trace: TraceContext
  code: 'ok' | RefusalCode
  latencyMs: number
  rows: number
  spans: ChildSpan[]
}

export type PredictDeps = {
  newId: (nowMs: number) => string
  append: (outcome: Outcome) => Promise<void>
  /** Called once per request that reached a variant. */
  observe: (seen: Seen) => void
}

// Large requests go through the model in parts, so that small ones get their turn in between.
const PART_ROWS = 256
// About a megabyte of text: the API takes eight at once.
const MAX_LOGGED_NUMBERS = 50_000

/** Failures of the model or its process; what the caller did wrong or asked too much of is not the variant's error. */
function isVariantFault(error: unknown): boolean {
  return !isRefusal(error) || ['internal', 'unavailable', 'timeout'].includes(error.code)
}

function partsOf({ tensor, rows }: Input): Tensor[] {
  if (rows <= PART_ROWS || tensor.shape[0] !== rows) return [tensor]
  const rowBytes = tensor.data.length / rows
  return Array.from({ length: Math.ceil(rows / PART_ROWS) }, (_, part) => {
    const from = part * PART_ROWS
    const count = Math.min(PART_ROWS, rows - from)
    const data = tensor.data.subarray(from * rowBytes, (from + count) * rowBytes)
    return { ...tensor, shape: [count, ...tensor.shape.slice(1)], data }
  })
}

function featuresOf({ values, width }: Input, row: number): number[] {
  if (width > MAX_LOGGED_NUMBERS) return []
  // Not-a-number becomes null when the line is written.
  return Array.prototype.slice.call(values, row * width, (row + 1) * width) as number[]
}

async function runParts(
  request: PredictRequest,
  chosen: ServedVariant,
  input: Input,
): Promise<Pick<Predicted, 'readings' | 'outputs' | 'spans'>> {
  const { deadlineMs, trace } = request
  const readings: Reading[] = []
  const outputs: Tensor[][] = []
  const spans: ChildSpan[] = []
  for (const part of partsOf(input)) {
    const result = await chosen.lease.pool.infer({ inputs: [part], deadlineMs, traceparent: trace.traceparent })
    outputs.push(result.outputs)
    spans.push(result)
    readings.push(...readOutputs(chosen.variant, result.outputs, Math.min(part.shape[0] ?? 1, input.rows)))
  }
  return { readings, outputs, spans }
}

/**
 * Predicts. From choosing the variant to handing it the rows nothing is awaited, so a variant cannot be unloaded in
 * between. The outcome is in the spool when this returns or throws.
 * @throws Refusal of the input, the queue, the deadline or the model
 */
export async function predict(request: PredictRequest, deps: PredictDeps): Promise<Predicted> {
  const { served, startedMs, trace } = request
  const atMs = Date.now()
  const firstId = deps.newId(atMs)
  const chosen = served.variants.get(chooseVariant(served.split, request.key ?? firstId))
  if (!chosen) return refuse('unavailable', 'This endpoint has no variant to serve.')
  const { variant } = chosen
  const input = request.input(variant)
  const base = {
    endpointId: served.endpoint.id,
    variantId: variant.id,
    modelVersionId: variant.modelVersionId,
    atMs,
    traceId: trace.traceId,
  }
  try {
    const answered = await runParts(request, chosen, input)
    const latencyMs = performance.now() - startedMs
    const ids = answered.readings.map((_, row) => (row === 0 ? firstId : deps.newId(atMs)))
    deps.observe({ served, variant, trace, code: 'ok', latencyMs, rows: input.rows, spans: answered.spans })
    await appendRows(
      deps,
      { ...base, latencyMs, requests: 1, error: false, rows: [] },
      { ids, input, readings: answered.readings },
    )
    return { variant, ids, latencyMs, ...answered }
  } catch (error) {
    const latencyMs = performance.now() - startedMs
    const code = isRefusal(error) ? error.code : 'internal'
    deps.observe({ served, variant, trace, code, latencyMs, rows: 0, spans: [] })
    if (isVariantFault(error)) await deps.append({ ...base, latencyMs, requests: 1, error: true, rows: [] })
    throw error
  }
}

type Rows = { ids: string[]; input: Input; readings: Reading[] }

async function appendRows(deps: PredictDeps, outcome: Outcome, { ids, input, readings }: Rows): Promise<void> {
  const writes: Promise<void>[] = []
  const lineRows = Math.max(1, Math.min(PART_ROWS, Math.floor(MAX_LOGGED_NUMBERS / Math.max(1, input.width))))
  for (let from = 0; from < ids.length; from += lineRows) {
    const rows = ids.slice(from, from + lineRows).map((id, index) => {
      const row = from + index
      const { label = null, score = null } = readings[row] ?? {}
      return { id, features: featuresOf(input, row), label, score }
    })
    writes.push(deps.append({ ...outcome, requests: from === 0 ? 1 : 0, rows }))
  }
  await Promise.all(writes)
}

/** The input of a request that came as finished numbers. */
export function inputOf(tensor: Tensor, values: ArrayLike<number>): Input {
  const rows = tensor.shape[0] ?? 1
  return { tensor, values, width: rows === 0 ? 0 : values.length / rows, rows }
}
