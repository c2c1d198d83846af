import { startTracing } from '@modelyard/telemetry/trace'
import { withSpan } from '@modelyard/telemetry/trace-context'
import { readEnv } from './env.ts'
import { runRecipe, voiceOf } from './run.ts'
import { BadInput } from './settings.ts'

const VERSION = '0.1.0'

const folder = process.cwd()
const voice = voiceOf(folder)
const { traceparent: parent, traceId, otlpEndpoint: endpoint } = readEnv(process.env)
const tracing = await startTracing({ process: 'training', version: VERSION, endpoint })
if (traceId) voice.say(`trace ${traceId}`)
let exitCode = 0
try {
  await withSpan('training', { parent }, () => runRecipe(folder, voice))
} catch (error) {
  process.stderr.write(error instanceof BadInput ? `${error.message}\n` : `${(error as Error).stack ?? error}\n`)
  exitCode = 1
}
await tracing.stop()
// A collector that hangs must not keep a training that has ended.
process.exit(exitCode)
