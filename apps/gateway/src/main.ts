import { readEnv } from './env.ts'
import { closeServer } from './http/server.ts'
import { wire } from './wire.ts'

const DRAIN_MS = 5000

const env = readEnv(process.env)
const { log, gateway, server, setStopping, close } = await wire(env)

server.listen(env.PORT, env.HOST, () => log.info({ address: server.address() }, 'gateway answers'))
await gateway.start()

let stopping = false
async function stop(signal: NodeJS.Signals): Promise<void> {
  if (stopping) return
  stopping = true
  setStopping()
  log.info({ signal }, 'gateway stops')
  await closeServer(server, DRAIN_MS)
  await close()
  // A call that hangs must not keep a gateway alive that has nothing left to do.
  process.exit(0)
}
process.on('SIGTERM', (signal) => void stop(signal))
process.on('SIGINT', (signal) => void stop(signal))
