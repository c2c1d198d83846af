import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** A span as it arrived, with the process it came from. */
export type ReceivedSpan = {
  process: string
  name: string
  traceId: string
  spanId: string
  parentSpanId: string
  path: string
}

type Attribute = { key: string; value: { stringValue?: string } }
type Export = {
  resourceSpans: {
    resource: { attributes: Attribute[] }
    scopeSpans: {
      spans: { name: string; traceId: string; spanId: string; parentSpanId?: string; attributes?: Attribute[] }[]
    }[]
  }[]
}

const textOf = (attributes: Attribute[] | undefined, key: string): string =>
  attributes?.find((attribute) => attribute.key === key)?.value.stringValue ?? ''

function spansOf({ resourceSpans }: Export): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ name, traceId, spanId, parentSpanId = '', attributes }) => ({
        process: textOf(resource.attributes, 'service.name'),
        name,
        traceId,
        spanId,
        parentSpanId,
        path: textOf(attributes, 'url.path'),
      })),
    ),
  )
}

/** As much of an OpenTelemetry collector as a test needs: OTLP over HTTP with JSON, on the loopback address. */
export class Collector {
  readonly spans: ReceivedSpan[] = []
  readonly #server = createServer(async (request, response) => {
    this.spans.push(...spansOf((await json(request satisfies IncomingMessage)) as Export))
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  /** Spans of one trace as `process: name < process: name of its parent`, sorted, each once. */
  tree(traceId: string): string[] {
    const own = this.spans.filter((span) => span.traceId === traceId)
    const byId = new Map(own.map((span) => [span.spanId, span]))
    const title = (span: ReceivedSpan | undefined) =>
      span ? `${span.process.replace('modelyard-', '')}: ${span.name}` : 'nothing known'
    return [...new Set(own.map((span) => `${title(span)} < ${title(byId.get(span.parentSpanId))}`))].sort()
  }
}
