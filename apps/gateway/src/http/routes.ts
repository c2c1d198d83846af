/** From path to handler: exact patterns, everything else is 404. */
import { Refusal, refuse } from '@modelyard/domain/refusal'
import type { Gate } from '../admission/gate.ts'
import { handleOip } from '../oip/handle.ts'
import type { PredictDeps } from '../serving/predict.ts'
import { BATCH_LIMITS, handleNative, PREDICT_LIMITS } from './native.ts'
import { failure, type Reply } from './reply.ts'
import type { Handler } from './server.ts'

const NATIVE = /^\/([a-z0-9-]{1,63})\/([a-z0-9-]{1,63})\/(predict|batch_predict)$/
const OIP = /^\/([a-z0-9-]{1,63})\/v2(?:\/([a-z0-9/-]{0,200}))?$/

/** The pattern of a path, for metrics: never the path itself, which callers choose. */
export function routePattern(path: string): string {
  const native = NATIVE.exec(path)
  if (native) return `/{project}/{endpoint}/${native[3]}`
  return OIP.test(path) ? '/{project}/v2' : 'other'
}

export type RouteDeps = { gate: Gate; predict: PredictDeps; ready: () => boolean; version: string }

export function createHandler(deps: RouteDeps): Handler {
  return async (request, trace): Promise<Reply> => {
    const [path = ''] = (request.url ?? '').split('?', 1)
    const native = NATIVE.exec(path)
    if (native) {
      const [, project = '', name = '', verb] = native
      if (request.method !== 'POST') {
        const { status: _, ...reply } = failure(new Refusal('invalid', 'Send a POST request.'), trace.traceId)
        return { ...reply, status: 405, headers: { ...reply.headers, allow: 'POST' } }
      }
      const limits = verb === 'predict' ? PREDICT_LIMITS : BATCH_LIMITS
      return handleNative({ request, trace, endpoint: { project, name }, limits }, deps.gate, deps.predict)
    }
    const oip = OIP.exec(path)
    if (oip)
      return handleOip({ request, trace, project: oip[1] ?? '', path: (oip[2] ?? '').replace(/\/$/, '') }, { ...deps })
    return refuse('not_found', 'There is no such route.')
  }
}
