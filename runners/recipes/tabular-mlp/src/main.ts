import { runRecipe, voiceOf } from './run.ts'
import { BadInput } from './settings.ts'

const folder = process.cwd()
try {
  await runRecipe(folder, voiceOf(folder))
} catch (error) {
  process.stderr.write(error instanceof BadInput ? `${error.message}\n` : `${(error as Error).stack ?? error}\n`)
  process.exitCode = 1
}
