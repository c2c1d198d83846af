/** Open Inference Protocol v2 over REST, with the binary tensor extension, under `/{project}/v2`. */
import type { IncomingMessage } from 'node:http'
import { refuse } from '@modelyard/domain/refusal'
import { datatypeOfDtype } from '@modelyard/domain/tensor/datatype'
import { numbersOf, type Tensor } from '@modelyard/domain/tensor/tensor'
import { admit, admitToProject, deadlineOf, find, type Gate, stickyKeyOf } from '../admission/gate.ts'
import { checkMediaType, parseObject, readBody } from '../http/body.ts'
import { BATCH_LIMITS } from '../http/native.ts'
import { json, type Reply, refusalOf, statusOf } from '../http/reply.ts'
import type { TraceContext } from '../serving/ids.ts'
import { type PredictDeps, type Predicted, predict } from '../serving/predict.ts'
import type { Served } from '../serving/table.ts'
import { joinParts, metadataOf, type Raw, readInputs } from './tensors.ts'

export type OipCall = { request: IncomingMessage; trace: TraceContext; project: string; path: string }
export type OipDeps = { gate: Gate; predict: PredictDeps; ready: () => boolean; version: string }

const HEADER_LENGTH = 'inference-header-content-length'
const MODEL = /^models\/([a-z0-9-]{1,63})(?:\/versions\/(\d{1,9}))?(?:\/(ready|infer))?$/

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Splits a request into its JSON and the raw tensors after it. */
function splitBody(request: IncomingMessage, bytes: Buffer): { body: Record<string, unknown>; raw: Raw } {
  const header = request.headers[HEADER_LENGTH]
  if (header === undefined) return { body: parseObject(bytes), raw: { bytes: Buffer.alloc(0), taken: 0 } }
  const length = typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : -1
  if (length < 0 || length > bytes.length) {
    return refuse('invalid', 'Inference-Header-Content-Length must be the length of the JSON part.', {
      field: HEADER_LENGTH,
    })
  }
  return { body: parseObject(bytes.subarray(0, length)), raw: { bytes: bytes.subarray(length), taken: 0 } }
}

type Wanted = { name: string; binary: boolean }

/** Which outputs are asked for, and which of them as raw bytes. @throws Refusal for an output the model lacks */
function wantedOutputs(body: Record<string, unknown>, outputs: readonly Tensor[]): Wanted[] {
  const byDefault = isRecord(body.parameters) && body.parameters.binary_data_output === true
  if (body.outputs === undefined) return outputs.map(({ name }) => ({ name, binary: byDefault }))
  if (!Array.isArray(body.outputs)) return refuse('invalid', 'outputs must be a list.', { field: 'outputs' })
  return body.outputs.map((output: unknown) => {
    const name = isRecord(output) ? output.name : undefined
    if (typeof name !== 'string' || !outputs.some((known) => known.name === name)) {
      return refuse('invalid', `outputs may name: ${outputs.map((known) => known.name).join(', ')}.`, {
        field: 'outputs',
      })
    }
    const own = isRecord(output) && isRecord(output.parameters) ? output.parameters.binary_data : undefined
    return { name, binary: typeof own === 'boolean' ? own : byDefault }
  })
}

function encode(tensors: readonly Tensor[], wanted: readonly Wanted[]): { heads: object[]; raw: Uint8Array[] } {
  const raw: Uint8Array[] = []
  const heads = wanted.flatMap(({ name, binary }) => {
    const tensor = tensors.find((output) => output.name === name)
    if (!tensor) return []
    const head = { name, datatype: datatypeOfDtype(tensor.dtype), shape: tensor.shape }
    if (!binary) return { ...head, data: numbersOf(tensor) }
    raw.push(tensor.data)
    return { ...head, parameters: { binary_data_size: tensor.data.length } }
  })
  return { heads, raw }
}

function answer(predicted: Predicted, body: Record<string, unknown>, call: OipCall & { name: string }): Reply {
  const { variant, ids } = predicted
  const tensors = joinParts(predicted.outputs)
  const { heads, raw } = encode(tensors, wantedOutputs(body, tensors))
  const reply = {
    model_name: call.name,
    model_version: String(variant.modelVersion),
    ...(typeof body.id === 'string' ? { id: body.id } : {}),
    parameters: { variant: variant.number, trace_id: call.trace.traceId, prediction_ids: ids.join(',') },
    outputs: heads,
  }
  if (raw.length === 0) return json(200, reply)
  const head = Buffer.from(JSON.stringify(reply))
  const headers = { 'content-type': 'application/octet-stream', 'inference-header-content-length': String(head.length) }
  return { status: 200, body: Buffer.concat([head, ...raw]), headers }
}

async function infer(call: OipCall & { name: string }, deps: OipDeps): Promise<Reply> {
  const { request, trace, project, name } = call
  const endpoint = { project, name }
  admit(request, endpoint, deps.gate)
  checkMediaType(request, ['application/json', 'application/octet-stream', ''])
  const deadlineMs = deadlineOf(request, performance.now())
  const { body, raw } = splitBody(request, await readBody(request, BATCH_LIMITS.maxBodyBytes))
  const key = stickyKeyOf(isRecord(body.parameters) ? body.parameters.key : undefined, 'parameters.key')
  const served = find(endpoint, deps.gate)
  const predicted = await predict(
    {
      served,
      key,
      input: (variant) => {
        const input = readInputs(body.inputs, variant.input, raw)
        if (input.rows > BATCH_LIMITS.maxRows)
          refuse('too_large', `inputs may hold at most ${BATCH_LIMITS.maxRows} rows.`, { field: 'inputs' })
        return input
      },
      startedMs: performance.now(),
      deadlineMs,
      trace,
    },
    deps.predict,
  )
  return answer(predicted, body, call)
}

function modelMetadata(name: string, served: Served): Reply {
  const { variants } = served.endpoint
  const stable = variants.find(({ role }) => role === 'stable') ?? variants[0]
  if (!stable) return refuse('unavailable', 'This endpoint has no variant to serve.')
  const versions = [...new Set(variants.map(({ modelVersion }) => String(modelVersion)))]
  return json(200, {
    name,
    versions,
    platform: 'onnxruntime_onnx',
    inputs: [metadataOf(stable.input)],
    outputs: stable.outputs.map(metadataOf),
  })
}

async function handleModel(call: OipCall, match: RegExpExecArray, deps: OipDeps): Promise<Reply> {
  const [, name = '', version, verb] = match
  if (verb === 'infer') {
    if (call.request.method !== 'POST') return refuse('not_found', 'There is no such route.')
    // Which variant answers is the endpoint's decision; choosing one would bias what its canary is judged by.
    if (version !== undefined) return refuse('not_found', 'The endpoint chooses the version; leave it out.')
    return infer({ ...call, name }, deps)
  }
  if (call.request.method !== 'GET') return refuse('not_found', 'There is no such route.')
  const served = admit(call.request, { project: call.project, name }, deps.gate)
  const isServed =
    version === undefined || served.endpoint.variants.some(({ modelVersion }) => String(modelVersion) === version)
  if (!isServed) return refuse('not_found', 'This version is not served.')
  return verb === 'ready' ? json(200, { name, ready: true }) : modelMetadata(name, served)
}

async function route(call: OipCall, deps: OipDeps): Promise<Reply> {
  const model = MODEL.exec(call.path)
  if (model) return handleModel(call, model, deps)
  if (call.request.method === 'GET') {
    if (call.path === 'health/live') return json(200, { live: true })
    if (call.path === 'health/ready') return json(deps.ready() ? 200 : 503, { ready: deps.ready() })
    if (call.path === '') {
      admitToProject(call.request, call.project, deps.gate)
      return json(200, { name: 'modelyard', version: deps.version, extensions: ['binary_tensor_data'] })
    }
  }
  return refuse('not_found', 'There is no such route.')
}

/** Answers in the protocol's own form of errors: `{"error": "..."}`. Faults of ours are passed on to be logged. */
export async function handleOip(call: OipCall, deps: OipDeps): Promise<Reply> {
  try {
    return await route(call, deps)
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal !== error) throw error
    const { status, headers } = statusOf(refusal)
    return json(status, { error: refusal.message }, headers)
  }
}
