import type { Ctx, Entry, Log } from '@modelyard/services'
import { readCredentials } from './credentials.ts'
import type { Endpoint, WireRequest } from './endpoint.ts'
import { endpoints as everyEndpoint } from './endpoints.ts'
import { type Fault, faultFrom, faultOf } from './errors.ts'
import { readFields } from './fields-of-request.ts'
import { type Gate, refuseForeign } from './origin.ts'
import { answerJson, Reply } from './reply.ts'
import { createRouter, readTarget, type Target } from './router.ts'

/**
 * A request as it came in. `target` is the raw request target: a WHATWG Request cannot stand here, because its URL has
 * already resolved `..` and `%2e%2e`, and a traversal must be seen to be refused.
 */
export type MlflowRequest = WireRequest & { target: string }

type Ports = {
  /** A context with principal and scope; see `enterProject`. */
  enter: (entry: Entry) => Promise<Ctx & { scope: NonNullable<Ctx['scope']> }>
  gate: Gate
  log: Log
  endpoints?: readonly Endpoint[]
}

/** The answer, with the name of the endpoint that gave it: a pattern, never the raw path. */
export type Handled = { reply: Reply; route: string }

/** Whether a target is for this surface at all. */
export function isMlflowTarget(target: string): boolean {
  return OURS.test(readTarget(target).path)
}
const OURS = /^\/(?:(?:ajax-)?api\/|version$|get-artifact$|model-versions\/get-artifact$|v1\/)/

/**
 * MLflow's REST protocol as one function. Nobody learns anything without a key, not even which routes there are; after
 * that every fault is told in MLflow's words. It never throws.
 */
export function createMlflowHandler(ports: Ports): (request: MlflowRequest) => Promise<Handled> {
  const find = createRouter(ports.endpoints ?? everyEndpoint)
  return async (request) => {
    const named = { route: 'none' }
    try {
      return { reply: await handle(request, named), route: named.route }
    } catch (error) {
      const fault = faultFrom(error)
      // Who hung up in the middle of a body hears no answer, and the log has nothing to learn from it.
      if (fault.ours && !request.signal.aborted)
        ports.log.error({ err: error, route: named.route }, 'an MLflow request failed')
      return { reply: await answerFault(request, fault), route: named.route }
    }
  }

  async function handle(request: MlflowRequest, named: { route: string }): Promise<Reply> {
    refuseForeign(request, ports.gate)
    const target = readTarget(request.target)
    const said = readCredentials(request.headers.get('authorization'))
    const ctx = await ports.enter({ ...said, slug: target.slug })
    const found = find(request.method, target.path)
    if (found.kind === 'none') return answerFault(request, faultOf('ENDPOINT_NOT_FOUND', 'there is no such endpoint'))
    if (found.kind === 'method') return answerFault(request, wrongMethod(found.allow))
    named.route = found.route
    const call = { ctx, project: ctx.scope.project.slug, params: found.params, request }
    const answer = await found.endpoint.answer(call, {
      ...(await fieldsOf(request, found.endpoint, target)),
      ...found.params,
    })
    return answer instanceof Reply ? answer : answerJson(request, { status: 200, body: answer })
  }
}

/** Endpoints of bytes have fields in their query only. */
async function fieldsOf(
  request: MlflowRequest,
  { takes }: Endpoint,
  { query }: Target,
): Promise<Record<string, unknown>> {
  return takes === 'bytes' ? Object.fromEntries(query) : readFields(request, query)
}

function wrongMethod(allow: string): Fault {
  const fault = faultOf('BAD_REQUEST', `this endpoint takes ${allow}`, { allow })
  return { ...fault, status: 405 }
}

const answerFault = (request: MlflowRequest, { status, headers, body }: Fault) =>
  answerJson(request, { status, headers, body })
