import { readEnv } from './env.ts'
import { runRecipe, voiceOf } from './run.ts'
import { BadInput } from './settings.ts'

const folder = process.cwd()
const voice = voiceOf(folder)
const { traceId } = readEnv(process.env)
if (traceId) voice.say(`trace ${traceId}`)
try {
  await runRecipe(folder, voice)
} catch (error) {
  process.stderr.write(error instanceof BadInput ? `${error.message}\n` : `${(error as Error).stack ?? error}\n`)
  process.exitCode = 1
}
