/**
 * W3C trace context with the OpenTelemetry API alone. Ids follow a request through every process even where no exporter
 * is configured, so that a log line, a job row and a prediction can always be joined.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import {
  type Attributes,
  type Context,
  type ContextManager,
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type TextMapPropagator,
  TraceFlags,
  trace,
} from '@opentelemetry/api'

const TRACER = 'modelyard'
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/

/** The trace id, span id and sampling flag of a `traceparent`, or null for anything else (version 00 only). */
export function parseTraceparent(traceparent: string | null | undefined): SpanContext | null {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return null
  const parsed = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true }
  return isSpanContextValid(parsed) ? parsed : null
}

export function formatTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${(traceFlags & TraceFlags.SAMPLED).toString(16).padStart(2, '0')}`
}

/** The `traceparent` of the span that is active here, or null outside of any. */
export function inject(): string | null {
  const active = trace.getActiveSpan()?.spanContext()
  return active !== undefined && isSpanContextValid(active) ? formatTraceparent(active) : null
}

/** A context that continues the given `traceparent`; the current one when it is absent or malformed. */
export function extract(traceparent: string | null | undefined): Context {
  const remote = parseTraceparent(traceparent)
  return remote === null ? context.active() : trace.setSpanContext(context.active(), remote)
}

/** The active trace id, for answers and log lines. */
export function activeTraceId(): string | null {
  return trace.getActiveSpan()?.spanContext().traceId ?? null
}

export type SpanOptions = {
  /** Continue this trace instead of the active one. */
  parent?: string | null
  /** Begin a trace of its own, whatever is active. For work that one request sets off and many share. */
  root?: boolean
  kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  attributes?: Attributes
}

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const

/** Run `work` inside a span. It ends with the work; a throw is recorded on it and passed on. */
export async function withSpan<T>(
  name: string,
  options: SpanOptions,
  work: (span: Span) => T | Promise<T>,
): Promise<T> {
  const parent = options.root ? ROOT_CONTEXT : extract(options.parent)
  const span = startSpan(name, options, parent)
  try {
    return await context.with(trace.setSpan(parent, span), () => work(span))
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) })
    if (error instanceof Error) span.recordException(error)
    throw error
  } finally {
    span.end()
  }
}

/** A span of the configured tracer; without one, a span that has ids and records nothing. */
function startSpan(name: string, options: SpanOptions, parent: Context): Span {
  const { kind = 'internal', attributes = {} } = options
  const span = trace.getTracer(TRACER).startSpan(name, { kind: KINDS[kind], attributes }, parent)
  if (isFresh(span.spanContext(), parent)) return span
  const traceId = trace.getSpanContext(parent)?.traceId ?? randomBytes(16).toString('hex')
  return trace.wrapSpanContext({ traceId, spanId: randomBytes(8).toString('hex'), traceFlags: TraceFlags.NONE })
}

/** The API's own tracer hands the parent's ids back, or zeros. */
function isFresh(started: SpanContext, parent: Context): boolean {
  return isSpanContextValid(started) && started.spanId !== trace.getSpanContext(parent)?.spanId
}

/** Context manager over AsyncLocalStorage, the part of the SDK that is needed always. */
function createContextManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>()
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (current, work, ...rest) => {
      const [self, ...args] = rest
      return storage.run(current, () => Reflect.apply(work, self, args))
    },
    bind: (current, target) => {
      if (typeof target !== 'function') return target
      const bound = (...args: unknown[]): unknown => storage.run(current, () => Reflect.apply(target, undefined, args))
      return bound as typeof target
    },
    enable: () => manager,
    disable: () => {
      storage.disable()
      return manager
    },
  }
  return manager
}

/** W3C `traceparent` for instrumentations that inject headers by themselves. */
const w3cPropagator: TextMapPropagator = {
  inject(current, carrier, setter) {
    const active = trace.getSpanContext(current)
    if (active !== undefined && isSpanContextValid(active))
      setter.set(carrier, 'traceparent', formatTraceparent(active))
  },
  extract(current, carrier, getter) {
    const value = getter.get(carrier, 'traceparent')
    const remote = parseTraceparent(Array.isArray(value) ? value[0] : value)
    return remote === null ? current : trace.setSpanContext(current, remote)
  },
  fields: () => ['traceparent'],
}

/** Make contexts follow asynchronous work in this process. Calling it again changes nothing. */
export function installContext(): void {
  context.setGlobalContextManager(createContextManager())
  propagation.setGlobalPropagator(w3cPropagator)
}
