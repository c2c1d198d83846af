import { parseStackArguments, type StackArguments } from '../arguments.ts'
import { readEnv } from '../env.ts'
import { onInterrupt } from '../stack/interrupt.ts'
import { rememberPasswordShown } from '../stack/secrets.ts'
import type { Stack } from '../stack/stack.ts'
import { startStack } from '../stack/start.ts'

export type Session = {
  stack: Stack
  /** Resolves when a person or a script asked to stop. */
  interrupted: Promise<void>
  /** Aborted at the same moment. */
  signal: AbortSignal
}

type Opening = { mode: 'bundled' | 'source'; webhookAllow?: readonly string[] }

/**
 * Starts everything in this process and ties it to Ctrl-C.
 * @returns undefined when it was interrupted before all answered; everything is stopped then
 */
export async function openSession(args: StackArguments, opening: Opening): Promise<Session | undefined> {
  const abort = new AbortController()
  const interrupted = Promise.withResolvers<void>()
  let stack: Stack | undefined
  onInterrupt({
    first: () => {
      process.stdout.write('stopping; press Ctrl-C again to end everything at once\n')
      abort.abort(new Error('interrupted'))
      interrupted.resolve()
    },
    second: () => {
      stack?.kill()
      process.exit(130)
    },
  })
  try {
    const opened = (running: Stack): void => {
      stack = running
    }
    stack = await startStack({ ...args, ...opening, env: readEnv(), signal: abort.signal, opened })
    return { stack, interrupted: interrupted.promise, signal: abort.signal }
  } catch (error) {
    if (abort.signal.aborted) return undefined
    throw error
  }
}

/** Prints where everything is. The generated password is printed once in the life of a data folder. */
export function printAddresses({ facts, log, ready }: Stack): void {
  const login = facts.secrets.passwordShown
    ? `${ready.adminEmail}, with the password printed at the first start`
    : `${ready.adminEmail}  password ${ready.adminPassword}  (generated; printed only this once)`
  log.show([
    '',
    `  Modelyard is ready    ${ready.consoleUrl}`,
    `  login                 ${login}`,
    `  api                   ${ready.apiUrl}`,
    `  gateway               ${ready.gatewayUrl}`,
    `  data                  ${facts.dataDir}`,
    '  Ctrl-C stops everything',
    '',
  ])
  if (!facts.secrets.passwordShown) rememberPasswordShown(facts.dataDir, facts.secrets)
}

async function run(args: readonly string[], mode: Opening['mode']): Promise<number> {
  const session = await openSession(parseStackArguments(args), { mode })
  if (!session) return 130
  printAddresses(session.stack)
  await session.interrupted
  await session.stack.stop()
  return 0
}

export const start = (args: readonly string[]): Promise<number> => run(args, 'bundled')
export const dev = (args: readonly string[]): Promise<number> => run(args, 'source')
