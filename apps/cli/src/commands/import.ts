import { parseArgs } from 'node:util'
import { UsageError } from '../arguments.ts'
import { readEnv } from '../env.ts'
import { importMlflow } from '../import/import-mlflow.ts'
import { showProgress } from '../import/progress.ts'
import { Tally } from '../import/tally.ts'
import { openTarget } from '../import/target.ts'
import type { Server } from '../import/wire.ts'

const DEFAULT_API = 'http://127.0.0.1:4601'
const SHOWN = 50

type Wanted = { source: Server; from: string; apiUrl: string; project: string; key: string }

/** Bring what another MLflow server holds; exits 0 only if all of it is here and the same. */
export async function importCommand(args: readonly string[]): Promise<number> {
  const { source, ...wanted } = parse(args)
  const out = process.stdout
  const progress = showProgress({
    write: (text) => out.write(text),
    isTerminal: out.isTTY === true,
    now: () => performance.now(),
  })
  const tally = new Tally()
  const target = openTarget(wanted)
  try {
    const differences = await importMlflow({ source, target, tally, progress })
    const counts = Object.fromEntries(Object.entries(tally.here))
    const said = differences.slice(0, 1000).map((difference) => difference.slice(0, 500))
    await target.call(() => target.imports.record.mutate({ ...target.base, counts, differences: said }))
    for (const line of tally.table()) progress.say(line)
    for (const line of differences.slice(0, SHOWN)) progress.say(`differs: ${line}`)
    if (differences.length > SHOWN) progress.say(`and ${differences.length - SHOWN} more`)
    return differences.length === 0 ? 0 : 1
  } finally {
    progress.close()
  }
}

function parse(args: readonly string[]): Wanted {
  const [kind, ...rest] = args
  if (kind !== 'mlflow') throw new UsageError('say what to import: import mlflow --from <address> --project <name>')
  const { from, to, project } = flagsOf(rest)
  if (!from || !project) throw new UsageError('import mlflow needs --from <address> and --project <name>')
  const { apiKey: key, mlflow } = readEnv()
  if (!key) throw new UsageError('set MODELYARD_API_KEY to a key with the scope admin')
  const address = addressOf(from)
  const authorization = address.authorization ?? authorizationOf(mlflow)
  return {
    source: { base: address.base, headers: authorization === null ? {} : { authorization } },
    from: address.base,
    apiUrl: addressOf(to ?? DEFAULT_API).base,
    project,
    key,
  }
}

function flagsOf(args: readonly string[]) {
  const option = { type: 'string' } as const
  try {
    return parseArgs({ args: [...args], options: { from: option, to: option, project: option }, strict: true }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** An address without what it says of who asks. */
function addressOf(text: string): { base: string; authorization: string | null } {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new UsageError('--from and --to take the http address of a server')
  const { username, password } = url
  const said = `${decoded(username)}:${decoded(password)}`
  const base = `${url.origin}${url.pathname}`.replace(/\/+$/, '')
  return { base, authorization: username === '' ? null : basic(said) }
}

/** Never shown: a password may be in it. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new UsageError('the user name and password of an address are percent-encoded: write % as %25')
  }
}

const basic = (said: string) => `Basic ${Buffer.from(said).toString('base64')}`

/** In the order in which MLflow's own clients take them. */
function authorizationOf({ username, password, token }: ReturnType<typeof readEnv>['mlflow']): string | null {
  if (username !== undefined && password !== undefined) return basic(`${username}:${password}`)
  return token === undefined ? null : `Bearer ${token}`
}
