import { createProbe, startTracing } from '@modelyard/telemetry'
import { readEnv } from './env.ts'
import { byteRoutes } from './routes/bytes.ts'
import { linkRoutes } from './routes/links.ts'
import { mlflowSurface } from './routes/mlflow.ts'
import { longPollOf, trpcFallback } from './routes/trpc.ts'
import { createApiServer } from './server.ts'
import { wire } from './wire.ts'

const DRAIN_MS = 5_000

const env = readEnv(process.env)
const tracing = await startTracing({
  process: 'api',
  version: env.MODELYARD_COMMIT,
  endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
})
const wired = wire(env)

const probe = createProbe({
  registry: wired.metrics.registry,
  process: 'api',
  version: env.MODELYARD_COMMIT,
  ready: () => (wired.hub.alive() ? [] : ['postgres']),
})
const server = createApiServer({
  routes: [...byteRoutes(wired.ctxFor), ...linkRoutes({ consoleUrl: env.MODELYARD_CONSOLE_URL })],
  probe,
  isWaiting: (request) => longPollOf(request) !== null,
  raw: mlflowSurface({ ...wired, hosts: env.MODELYARD_API_HOSTS }),
  fallback: trpcFallback(wired),
  log: wired.log,
  metrics: wired.metrics,
})

server.listen(env.PORT, env.HOST, () => wired.log.info({ address: server.address() }, 'api answers'))

let stopping = false
async function stop(signal: NodeJS.Signals): Promise<void> {
  if (stopping) return
  stopping = true
  wired.log.info({ signal }, 'api stops')
  server.close()
  server.closeIdleConnections()
  setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref()
  await new Promise((resolve) => server.once('close', resolve))
  await wired.close()
  await tracing.stop()
}
process.on('SIGTERM', (signal) => void stop(signal))
process.on('SIGINT', (signal) => void stop(signal))
