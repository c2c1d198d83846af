import { parseTraceparent } from '@modelyard/telemetry/trace-context'

export type Env = {
  /** The span that started this program, and its trace. */
  traceparent: string | null
  traceId: string | null
  /** Where spans go; they go nowhere without it. */
  otlpEndpoint: string | undefined
}

/** The only reader of the environment in this program. */
export function readEnv(source: NodeJS.ProcessEnv): Env {
  const traceparent = source.TRACEPARENT ?? null
  const traceId = parseTraceparent(traceparent)?.traceId ?? null
  return { traceparent, traceId, otlpEndpoint: source.OTEL_EXPORTER_OTLP_ENDPOINT || undefined }
}
