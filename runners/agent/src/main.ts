import { createProbe, serveProbe, startTracing } from '@modelyard/telemetry'
import { readEnv } from './env.ts'
import type { Session } from './session.ts'
import { wire } from './wire.ts'

const env = readEnv(process.env)
const { MODELYARD_COMMIT: version, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = env
const tracing = await startTracing({ process: 'runner', version, endpoint })
const { log, metrics, isHeard, open } = wire(env)
const ready = () => (isHeard() ? [] : ['control plane'])
const probe = await serveProbe(
  createProbe({ registry: metrics.registry, process: 'runner', version, ready }),
  env.PORT,
  env.HOST,
)
log.info({ port: probe.port }, 'the runner answers')

let session: Session | null = null
let leaving = false
async function leave(signal: NodeJS.Signals): Promise<void> {
  if (leaving) return
  leaving = true
  log.info({ signal }, 'the runner leaves')
  await session?.leave(env.MODELYARD_DRAIN_MS)
  await probe.close()
  await tracing.stop()
  process.exit(0)
}
process.on('SIGTERM', (signal) => void leave(signal))
process.on('SIGINT', (signal) => void leave(signal))

try {
  session = await open()
  await session.run()
} catch (error) {
  // What was under way when it was told to leave breaks off.
  if (!leaving) throw error
}
