/** Spans of work that was measured elsewhere, for example in a process that knows nothing of OpenTelemetry. */
import { type Attributes, trace } from '@opentelemetry/api'
import { extract } from './trace-context.ts'

/** Times are Unix milliseconds. */
export type FinishedSpan = { parent: string; startMs: number; endMs: number; attributes?: Attributes }

/** Record a span after the fact, as a child of the given `traceparent`. */
export function recordSpan(name: string, { parent, startMs, endMs, attributes = {} }: FinishedSpan): void {
  const span = trace.getTracer('modelyard').startSpan(name, { startTime: startMs, attributes }, extract(parent))
  span.end(endMs)
}
