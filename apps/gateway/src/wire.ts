import type { Server } from 'node:http'
import { createModelPool } from '@modelyard/inference'
import {
  createLogger,
  createMetrics,
  createProbe,
  formatTraceparent,
  recordSpan,
  startTracing,
  withSpan,
} from '@modelyard/telemetry'
import { createControlPlane } from './control-plane.ts'
import type { Env } from './env.ts'
import { createGateway, type Gateway } from './gateway.ts'
import { createGatewayServer, type ServerOptions } from './http/server.ts'
import type { Log } from './log.ts'
import { createMetering } from './metering.ts'
import { traceContextOf } from './serving/ids.ts'
import type { PoolLimits } from './serving/models.ts'
import type { Seen } from './serving/predict.ts'

const VERSION = '0.1.0'
const MAX_CONCURRENT = 4096

export type Wired = { log: Log; gateway: Gateway; server: Server; setStopping: () => void; close: () => Promise<void> }

type Tracing = Awaited<ReturnType<typeof startTracing>>

/** With an exporter each request is a span; without one it only has the ids of one, which costs next to nothing. */
function tracedBy(tracing: Tracing): ServerOptions['traced'] {
  if (!tracing.exporting) return (traceparent, work) => work(traceContextOf(traceparent))
  return (traceparent, work) =>
    withSpan('gateway request', { parent: traceparent ?? null, kind: 'server' }, (span) => {
      const context = span.spanContext()
      return work({ traceId: context.traceId, traceparent: formatTraceparent(context) })
    })
}

/** Calls to the control plane: one stands for many requests, so each is a trace of its own. */
function callsTracedBy(tracing: Tracing): Parameters<typeof createControlPlane>[0]['traced'] {
  if (!tracing.exporting) return (_, work) => work()
  return (operation, work) => withSpan(`control plane ${operation}`, { root: true, kind: 'client' }, work)
}

/** Runs as the model process measured them, joined to the request that asked. */
function recordRuns(tracing: Tracing, { trace, variant, spans }: Seen): void {
  if (!tracing.exporting) return
  for (const { startedAtMs, runMs, batchRows, queueMs } of spans) {
    const attributes = {
      'modelyard.model_version': variant.modelVersionId,
      'modelyard.batch_rows': batchRows,
      'modelyard.queue_ms': queueMs,
    }
    recordSpan('model run', { parent: trace.traceparent, startMs: startedAtMs, endMs: startedAtMs + runMs, attributes })
  }
}

function limitsOf(env: Env): PoolLimits {
  return {
    threads: env.MODELYARD_MODEL_THREADS,
    processes: env.MODELYARD_MODEL_PROCESSES,
    runLimitMs: env.MODELYARD_RUN_LIMIT_MS,
    memoryLimitBytes: env.MODELYARD_MODEL_MEMORY_BYTES,
  }
}

/** The only place of this process that knows which adapters there are. */
export async function wire(env: Env): Promise<Wired> {
  const tracing = await startTracing({
    process: 'gateway',
    version: VERSION,
    endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
  })
  const log = createLogger({ process: 'gateway', level: env.LOG_LEVEL })
  const metrics = createMetrics('gateway', { version: VERSION })
  const metering = createMetering(metrics)
  const stop = new AbortController()
  const control = createControlPlane({
    apiUrl: env.MODELYARD_API_URL,
    token: env.MODELYARD_GATEWAY_TOKEN,
    onContact: metering.contact,
    stop: stop.signal,
    traced: callsTracedBy(tracing),
  })
  const gateway = createGateway({
    dir: env.MODELYARD_GATEWAY_DIR,
    name: env.MODELYARD_GATEWAY_NAME,
    version: VERSION,
    control,
    createModelPool,
    limits: limitsOf(env),
    spoolMaxBytes: env.MODELYARD_SPOOL_MAX_BYTES,
    log,
    observe: (seen) => {
      metering.predicted(seen)
      recordRuns(tracing, seen)
    },
  })
  let stopping = false
  const ready = () => (stopping ? ['stopping'] : gateway.missing())
  const server = createGatewayServer({
    handle: gateway.handle,
    probe: createProbe({ registry: metrics.registry, process: 'gateway', version: VERSION, ready }),
    traced: tracedBy(tracing),
    observe: metering.answered,
    inflight: metering.inflight,
    log,
    maxConcurrent: MAX_CONCURRENT,
  })
  const stopMetering = metering.start(gateway)
  return {
    log,
    gateway,
    server,
    setStopping: () => {
      stopping = true
    },
    close: async () => {
      stopMetering()
      stop.abort()
      await gateway.stop()
      await tracing.stop()
    },
  }
}
