import { UsageError } from './arguments.ts'
import { AlreadyRunning } from './stack/run-file.ts'

type Run = (args: readonly string[]) => Promise<number>

// Loaded when asked for: a test run need not load the supervisor, nor the supervisor the demo.
const COMMANDS: Record<string, () => Promise<Run>> = {
  start: async () => (await import('./commands/start.ts')).start,
  test: async () => (await import('./commands/test.ts')).test,
  check: async () => (await import('./commands/check.ts')).check,
  bench: async () => (await import('./commands/bench.ts')).bench,
  demo: async () => (await import('./commands/demo.ts')).demo,
  dev: async () => (await import('./commands/start.ts')).dev,
}

async function main([name = 'start', ...args]: readonly string[]): Promise<number> {
  const load = COMMANDS[name]
  if (!load) throw new UsageError(`There is no command "${name}"; there are ${Object.keys(COMMANDS).join(', ')}`)
  return (await load())(args)
}

let code = 1
try {
  code = await main(process.argv.slice(2))
} catch (error) {
  const expected = error instanceof UsageError || error instanceof AlreadyRunning
  const text = error instanceof Error && !expected ? (error.stack ?? error.message) : (error as Error).message
  process.stderr.write(`${text}\n`)
}
// Everything is stopped; a request that still waits for an answer must not hold the program.
process.exit(code)
