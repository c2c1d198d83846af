/**
 * A model process: loads one model, then answers one batch after another on file descriptor 3. It knows nothing but
 * what the frames tell it, and may be killed at any moment; whoever started it watches the clock.
 */

import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { isDtype } from '@modelyard/domain/tensor/datatype'
import { elements, elementsOf, rawBytes, type Tensor, type TypedArray, tensorOf } from '@modelyard/domain/tensor/tensor'
import { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node'
import { encodeFrame, type Frame, FrameReader } from './frames.ts'
import type { ChildMessage, LoadMessage, ParentMessage, PortNames, RunMessage } from './messages.ts'

const CHANNEL_FD = 3
const WARM_UP_RUNS = 3

const channel = new Socket({ fd: CHANNEL_FD, readable: true, writable: true })
let session: InferenceSession | undefined

function send(message: ChildMessage, tensors: Tensor[] = []): void {
  channel.write(encodeFrame(message, tensors))
}

/** Reads the file once, by descriptor: what is hashed is what is loaded, and no link can lead elsewhere. */
function readModel(path: string, sha256: string): Uint8Array {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const stat = fstatSync(descriptor)
    if (!stat.isFile() || stat.nlink !== 1) throw new Error('the model is not a plain file of its own')
    const bytes = readFileSync(descriptor)
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error('the model does not have its hash')
    return bytes
  } finally {
    closeSync(descriptor)
  }
}

function ports(metadata: readonly InferenceSession.ValueMetadata[]): PortNames[] {
  return metadata.map((port) => ({ name: port.name, dtype: port.isTensor ? port.type : 'other' }))
}

function zeros(metadata: readonly InferenceSession.ValueMetadata[]): Tensor[] {
  return metadata.map((port) => {
    if (!port.isTensor || !isDtype(port.type)) throw new Error(`input ${port.name} is of a kind that is not served`)
    const shape = port.shape.map((dim) => (typeof dim === 'number' && dim > 0 ? dim : 1))
    return tensorOf({ name: port.name, dtype: port.type, shape }, new Float32Array(elementsOf(shape)))
  })
}

async function run(model: InferenceSession, inputs: readonly Tensor[]): Promise<Tensor[]> {
  const feeds: Record<string, RuntimeTensor> = {}
  for (const input of inputs) feeds[input.name] = new RuntimeTensor(input.dtype, elements(input), input.shape)
  const results = await model.run(feeds)
  return model.outputNames.map((name) => {
    const result = results[name]
    if (!result || !isDtype(result.type)) throw new Error(`output ${name} is of a kind that is not served`)
    return { name, dtype: result.type, shape: [...result.dims], data: rawBytes(result.data as TypedArray) }
  })
}

async function load(message: LoadMessage): Promise<void> {
  const started = performance.now()
  const bytes = readModel(message.path, message.sha256)
  session = await InferenceSession.create(bytes, {
    intraOpNumThreads: message.threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
  })
  const loadMs = performance.now() - started
  let warmMs = Number.POSITIVE_INFINITY
  for (let count = 0; count < WARM_UP_RUNS; count++) {
    const before = performance.now()
    await run(session, zeros(session.inputMetadata))
    warmMs = Math.min(warmMs, performance.now() - before)
  }
  send({ type: 'loaded', inputs: ports(session.inputMetadata), outputs: ports(session.outputMetadata), loadMs, warmMs })
}

async function answer(message: RunMessage, inputs: Tensor[]): Promise<void> {
  if (!session) throw new Error('no model is loaded')
  const started = performance.now()
  const outputs = await run(session, inputs)
  const { id, traceparent } = message
  const timing = { startedAtMs: performance.timeOrigin + started, runMs: performance.now() - started }
  send({ type: 'ran', id, ...timing, ...(traceparent === undefined ? {} : { traceparent }) }, outputs)
}

function receive({ header, tensors }: Frame<ParentMessage>): void {
  const work = header.type === 'load' ? load(header) : answer(header, tensors)
  work.catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    send({ type: 'failed', id: header.type === 'run' ? header.id : null, reason: reason.slice(0, 2000) })
  })
}

const reader = new FrameReader<ParentMessage>(receive)
channel.on('data', (chunk: Buffer) => reader.push(chunk))
// Without its parent a model process has no purpose.
channel.on('close', () => process.exit(0))
channel.on('error', () => process.exit(0))
