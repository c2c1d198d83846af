import { inject, withSpan } from '@modelyard/telemetry'

/**
 * Do what a request asks inside a span: what it sets off, such as a training job, goes on with this trace. With an
 * exporter Next has a span of the request already, which is the parent then.
 */
export function traced(request: Request, route: string, work: () => Promise<Response>): Promise<Response> {
  const active = inject()
  const parent = active ?? request.headers.get('traceparent')
  const { pathname } = new URL(request.url)
  const attributes = { 'http.route': route, 'url.path': pathname.slice(0, 200) }
  const kind = active === null ? 'server' : 'internal'
  return withSpan(`${request.method} ${route}`, { parent, kind, attributes }, async (span) => {
    const response = await work()
    span.setAttribute('http.response.status_code', response.status)
    return response
  })
}
