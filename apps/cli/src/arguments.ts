import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { callersFolder } from './env.ts'
import { repository } from './repository.ts'

/** What `npm start` and `npm run demo` understand. */
export type StackArguments = {
  /** Everything that is kept: database, artifacts, secrets, logs. */
  dataDir: string
  /** Written with mode 0600 once all answer, removed when all have stopped. */
  readyFile: string | undefined
  /** First of ten ports in a row. */
  portBase: number
}

export class UsageError extends Error {}

const DEFAULT_PORT_BASE = 4600
const LAST_BASE = 65_500

/**
 * @param args the words after the command
 * @param flags names of further boolean flags this command takes
 * @throws UsageError naming the flag that is wrong
 */
export function parseStackArguments<Flag extends string>(
  args: readonly string[],
  flags: readonly Flag[] = [],
): StackArguments & Record<Flag, boolean> {
  const values = parse(args, flags)
  const switched = Object.fromEntries(flags.map((flag) => [flag, values[flag] === true])) as Record<Flag, boolean>
  return {
    ...switched,
    dataDir: pathOf(text(values, 'data')) ?? `${repository}/.modelyard`,
    readyFile: pathOf(text(values, 'ready-file')),
    portBase: portBase(text(values, 'port-base')),
  }
}

type Values = Record<string, string | boolean | undefined>

function parse(args: readonly string[], flags: readonly string[]): Values {
  const options = {
    data: { type: 'string' },
    'ready-file': { type: 'string' },
    'port-base': { type: 'string' },
    ...Object.fromEntries(flags.map((flag) => [flag, { type: 'boolean' } as const])),
  } as const
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false, strict: true }).values as Values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function text(values: Values, name: string): string | undefined {
  const value = values[name]
  if (value === '') throw new UsageError(`--${name} needs a value`)
  return typeof value === 'string' ? value : undefined
}

function pathOf(value: string | undefined): string | undefined {
  return value === undefined ? undefined : resolve(callersFolder(), value)
}

function portBase(value: string | undefined): number {
  if (value === undefined) return DEFAULT_PORT_BASE
  const port = Number(value)
  if (!Number.isInteger(port) || port < 1024 || port > LAST_BASE) {
    throw new UsageError(`--port-base must be a whole number from 1024 to ${LAST_BASE}, not "${value}"`)
  }
  return port
}
