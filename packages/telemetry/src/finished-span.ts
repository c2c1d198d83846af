/** Spans of work that was measured elsewhere, for example in a process that knows nothing of OpenTelemetry. */
import { type Attributes, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { extract } from './trace-context.ts'

/** Times are Unix milliseconds. `parent` null: a trace of its own. */
export type FinishedSpan = { parent: string | null; startMs: number; endMs: number; attributes?: Attributes }

/** Record a span after the fact, as a child of the given `traceparent`. Without an exporter it is nothing. */
export function recordSpan(name: string, { parent, startMs, endMs, attributes = {} }: FinishedSpan): void {
  const span = trace.getTracer('modelyard').startSpan(name, { startTime: startMs, attributes }, parentOf(parent))
  span.end(endMs)
}

const parentOf = (traceparent: string | null) => (traceparent === null ? ROOT_CONTEXT : extract(traceparent))
