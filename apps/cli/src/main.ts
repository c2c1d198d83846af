import { UsageError } from './arguments.ts'

type Run = (args: readonly string[]) => Promise<number>

// Loaded when asked for: a test run need not load the supervisor, nor the supervisor the demo.
const COMMANDS: Record<string, () => Promise<Run>> = {
  start: async () => (await import('./commands/start.ts')).start,
  test: async () => (await import('./commands/test.ts')).test,
  check: async () => (await import('./commands/check.ts')).check,
  bench: async () => (await import('./commands/bench.ts')).bench,
  demo: async () => (await import('./commands/demo.ts')).demo,
  import: async () => (await import('./commands/import.ts')).importCommand,
  dev: async () => (await import('./commands/start.ts')).dev,
}

const USAGE = `npm start          everything: [-- --data <dir>] [--ready-file <file>] [--port-base <n>]
npm run demo       the same and the story: [-- --once]
npm run dev        the same from source, under watchers
npm test           all checks and tests: [-- types|format|lint|boundaries|unit|e2e ...]
npm run check      types, format, lint, boundaries
npm run bench      -- <name> [args]
npx modelyard import mlflow --from <address> --project <name> [--to <api address>]
docs/running.md says more
`

async function main([name = 'start', ...args]: readonly string[]): Promise<number> {
  const load = COMMANDS[name]
  if (!load) throw new UsageError(`There is no command "${name}"; there are ${Object.keys(COMMANDS).join(', ')}`)
  if (name !== 'bench' && args.some((arg) => arg === '--help' || arg === '-h')) {
    process.stdout.write(USAGE)
    return 0
  }
  return (await load())(args)
}

/** What a person needs to read: where the program itself is wrong, also the place. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isOurFault = ['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError'].includes(error.name)
  return isOurFault ? (error.stack ?? error.message) : error.message
}

let code = 1
try {
  code = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${textOf(error)}\n`)
}
// Everything is stopped; a request that still waits for an answer must not hold the program.
process.exit(code)
