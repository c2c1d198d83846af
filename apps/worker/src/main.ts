import type { Handlers } from '@modelyard/queue'
import { createProbe, serveProbe, startTracing } from '@modelyard/telemetry'
import { readEnv } from './env.ts'
import { startLoop } from './loop.ts'
import { LOOPS, type LoopName } from './loops/index.ts'
import { traced } from './traced.ts'
import { wire } from './wire.ts'

const env = readEnv(process.env)
const tracing = await startTracing({
  process: 'worker',
  version: env.MODELYARD_COMMIT,
  endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
})
const wired = wire(env)
const { log, metrics, queue, listener } = wired

const probe = createProbe({
  registry: metrics.registry,
  process: 'worker',
  version: env.MODELYARD_COMMIT,
  ready: () => (listener.alive() ? [] : ['postgres']),
})
const server = await serveProbe(probe, env.PORT, env.HOST)

const running = new Map(
  Object.entries(LOOPS).map(([name, loop]) => [
    name,
    startLoop(traced(loop), wired, { log, metrics, unit: Math.random }),
  ]),
)
const kick = (name: LoopName) => () => running.get(name)?.kick()

const handlers: Handlers = {
  'rollout.rolled_back': kick('outbox'),
  'alert.due': kick('deliveries'),
  'drift.due': kick('drift'),
  'storage.maintain': kick('storage'),
}
queue.serve(handlers)
listener.on('modelyard_plan', kick('planner'))
log.info({ port: server.port, queue: queue.backend, loops: [...running.keys()] }, 'worker works')

let stopping = false
async function stop(signal: NodeJS.Signals): Promise<void> {
  if (stopping) return
  stopping = true
  log.info({ signal }, 'worker stops')
  await Promise.all([...running.values()].map((loop) => loop.stop()))
  await wired.close()
  await server.close()
  await tracing.stop()
}
process.on('SIGTERM', (signal) => void stop(signal))
process.on('SIGINT', (signal) => void stop(signal))
