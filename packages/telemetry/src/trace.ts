/**
 * Start of tracing. Without an endpoint and without an exporter nothing of the SDK is loaded: it costs half a second and
 * some fifty megabytes. Metrics and logs never leave by OpenTelemetry; Prometheus and standard output carry them.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { trace } from '@opentelemetry/api'
import type { SpanExporter } from '@opentelemetry/sdk-trace'
import { installContext } from './trace-context.ts'

const STOP_MS = 2_000

export const INSTRUMENTATIONS = ['http', 'pg', 'undici'] as const
export type Instrumentation = (typeof INSTRUMENTATIONS)[number]

/**
 * `endpoint`: base address of an OTLP/HTTP collector (`/v1/traces` is added). `exporter`: for tests. `instrument`: which
 * libraries are patched; they must not have been imported yet.
 */
export type TraceConfig = {
  process: string
  version: string
  endpoint?: string | undefined
  exporter?: SpanExporter
  sampleRatio?: number
  instrument?: readonly Instrumentation[]
}

/** `stop` sends what is left, for two seconds at most and without ever failing: a collector may be gone. Call it last. */
export type Tracing = { exporting: boolean; stop: () => Promise<void> }

/** Start tracing as the first act of a process, before it imports what shall be instrumented. */
export async function startTracing(config: TraceConfig): Promise<Tracing> {
  installContext()
  if (config.endpoint === undefined && config.exporter === undefined) {
    return { exporting: false, stop: () => Promise.resolve() }
  }
  const sdk = await createSdk(config)
  sdk.start()
  return {
    exporting: true,
    stop: async () => {
      const late = new AbortController()
      const sent = sdk.shutdown().catch(() => undefined)
      await Promise.race([sent, sleep(STOP_MS, undefined, { signal: late.signal }).catch(() => undefined)])
      late.abort()
      trace.disable()
    },
  }
}

/** Empty lists keep the SDK from starting exporters of metrics and logs by itself. */
async function createSdk({
  process: name,
  version,
  endpoint,
  exporter,
  sampleRatio = 1,
  instrument = [],
}: TraceConfig) {
  const instrumentations = await loadInstrumentations(instrument)
  const { NodeSDK } = await import('@opentelemetry/sdk-node')
  const sdk = await import('@opentelemetry/sdk-trace')
  const { resourceFromAttributes } = await import('@opentelemetry/resources')
  const processor =
    exporter === undefined
      ? new sdk.BatchSpanProcessor({ exporter: await otlpExporter(endpoint ?? '') })
      : new sdk.SimpleSpanProcessor({ exporter })
  return new NodeSDK({
    autoDetectResources: false,
    resource: resourceFromAttributes({
      'service.name': `modelyard-${name}`,
      'service.namespace': 'modelyard',
      'service.version': version,
    }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(sampleRatio) }),
    spanProcessors: [processor],
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations,
  })
}

async function otlpExporter(endpoint: string): Promise<SpanExporter> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http')
  return new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })
}

/** Built-in modules imported as ES modules are only seen through a loader hook, so that comes first. */
async function loadInstrumentations(wanted: readonly Instrumentation[]) {
  if (wanted.length === 0) return []
  const { register, supportsSyncHooks } = await import('import-in-the-middle/register-hooks.mjs')
  if (supportsSyncHooks()) register({})
  return Promise.all(wanted.map((name) => LOADERS[name]()))
}

const LOADERS = {
  http: async () => new (await import('@opentelemetry/instrumentation-http')).HttpInstrumentation(),
  pg: async () =>
    new (await import('@opentelemetry/instrumentation-pg')).PgInstrumentation({ requireParentSpan: true }),
  undici: async () => new (await import('@opentelemetry/instrumentation-undici')).UndiciInstrumentation(),
} as const satisfies Record<Instrumentation, () => Promise<unknown>>
