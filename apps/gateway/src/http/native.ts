/** `POST /{project}/{endpoint}/predict` and `/batch_predict`. */
import type { IncomingMessage } from 'node:http'
import { admit, deadlineOf, type EndpointName, find, type Gate, stickyKeyOf } from '../admission/gate.ts'
import type { TraceContext } from '../serving/ids.ts'
import { readInstances } from '../serving/instances.ts'
import { type PredictDeps, type Predicted, predict } from '../serving/predict.ts'
import { checkMediaType, parseObject, readBody } from './body.ts'
import { json, type Reply } from './reply.ts'

/** Limits of one kind of call. */
export type CallLimits = { maxRows: number; maxBodyBytes: number }

export const PREDICT_LIMITS: CallLimits = { maxRows: 256, maxBodyBytes: 8 * 2 ** 20 }
export const BATCH_LIMITS: CallLimits = { maxRows: 10_000, maxBodyBytes: 64 * 2 ** 20 }

export type NativeCall = { request: IncomingMessage; trace: TraceContext; endpoint: EndpointName; limits: CallLimits }

function wantsProbabilities(parameters: unknown): boolean {
  return (
    typeof parameters === 'object' &&
    parameters !== null &&
    'probabilities' in parameters &&
    parameters.probabilities === true
  )
}

function answer({ variant, ids, readings }: Predicted, traceId: string, withProbabilities: boolean): Reply {
  const predictions = readings.map(({ label, score, probabilities }, row) => ({
    id: ids[row],
    label,
    score,
    ...(withProbabilities ? { probabilities } : {}),
  }))
  return json(200, {
    predictions,
    model: variant.model,
    modelVersion: variant.modelVersion,
    variant: variant.number,
    traceId,
  })
}

export async function handleNative(
  { request, trace, endpoint, limits }: NativeCall,
  gate: Gate,
  deps: PredictDeps,
): Promise<Reply> {
  admit(request, endpoint, gate)
  checkMediaType(request, ['application/json'])
  const deadlineMs = deadlineOf(request, performance.now())
  const body = parseObject(await readBody(request, limits.maxBodyBytes))
  const key = stickyKeyOf(body.key, 'key')
  const predicted = await predict(
    {
      served: find(endpoint, gate),
      key,
      input: (variant) => readInstances(body.instances, variant.input, limits.maxRows),
      startedMs: performance.now(),
      deadlineMs,
      trace,
    },
    deps,
  )
  return answer(predicted, trace.traceId, wantsProbabilities(body.parameters))
}
