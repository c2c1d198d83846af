import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { endGroup, identify, isAlive } from '../../../bootstrap/processes.mjs'
import { connect, newKey } from '../../demo/client.ts'
import { readEnv } from '../../env.ts'
import { repository } from '../../repository.ts'
import { answers } from '../../stack/health.ts'
import type { Log } from '../../stack/log.ts'
import { bundleServices, migrateDatabase } from '../../stack/programs.ts'
import { secretsOf } from '../../stack/secrets.ts'
import { commandOf, SERVICES, type StackFacts } from '../../stack/services.ts'
import { firstRun } from '../../stack/start.ts'

/** A server that speaks MLflow's protocol. */
export type Server = {
  side: 'ours' | 'theirs'
  /** What clients are given as the tracking URI. */
  url: string
  databaseUrl: string
  headers: Record<string, string>
  pid: number
  stop: () => Promise<void>
}

const READY_MS = 180_000
const PROJECT = 'bench'

type Place = { dataDir: string; databaseUrl: string; port: number; log: Log }

/** The api as `npm start` runs it, with a project and a key. */
export async function startOurs({ dataDir, databaseUrl, port, log }: Place): Promise<Server> {
  const service = SERVICES.find(({ name }) => name === 'api')
  if (!service) throw new Error('there is no service named api')
  const ports = { api: port, console: port + 1, gateway: port + 2 }
  const env = { ...readEnv(), logLevel: 'warn' }
  const facts: StackFacts = {
    dataDir,
    databaseUrl,
    ports,
    secrets: secretsOf(dataDir),
    env,
    webhookAllow: [],
    commit: undefined,
  }
  const bundles = await bundleServices([service], log)
  await migrateDatabase(bundles, { databaseUrl, folder: join(repository, 'migrations') })
  await firstRun({ facts, log }, { bundles, signal: AbortSignal.timeout(READY_MS) })
  const { args, cwd, env: environment } = commandOf(service, facts, bundles.get('api') ?? '')
  const process = launch('ours', { program: execPath, args, cwd, env: environment, log })
  const address = `http://127.0.0.1:${port}`
  await untilReady({ name: 'ours', pid: process.pid, log }, `${address}${service.healthPath}`)
  const api = connect({ apiUrl: address, key: facts.secrets.apiKey })
  const project = { slug: PROJECT, name: 'Bench', task: 'multiclass', idempotencyKey: newKey() } as const
  await api.trpc.account.createProject.mutate(project)
  const url = `${address}/projects/${PROJECT}`
  return { side: 'ours', url, databaseUrl, headers: api.headers, ...process }
}

/** MLflow's own server on PostgreSQL, artifacts through it, with as many workers as there are cores here. */
export async function startTheirs(place: Place & { python: string; workers: number }): Promise<Server> {
  const { dataDir, databaseUrl, port, log, python, workers } = place
  const artifacts = join(dataDir, 'mlflow-artifacts')
  mkdirSync(artifacts, { recursive: true })
  const args = ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', String(workers)]
  args.push(
    '--backend-store-uri',
    databaseUrl.replace(/^postgres:/, 'postgresql+psycopg2:'),
    '--artifacts-destination',
    artifacts,
  )
  const { PATH = '', HOME = '' } = readEnv().inherited
  const env = { PATH, HOME, MLFLOW_DISABLE_TELEMETRY: 'true', MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' }
  const process = launch('theirs', { program: python, args, cwd: dataDir, env, log })
  const url = `http://127.0.0.1:${port}`
  await untilReady({ name: 'theirs', pid: process.pid, log }, `${url}/health`)
  return { side: 'theirs', url, databaseUrl, headers: {}, ...process }
}

type Program = { program: string; args: string[]; cwd: string; env: Record<string, string>; log: Log }

/** In a process group of its own, so that its workers end with it. */
function launch(name: string, { program, args, cwd, env, log }: Program): Pick<Server, 'pid' | 'stop'> {
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  log.follow(name, child.stdout)
  log.follow(name, child.stderr)
  const identity = child.pid === undefined ? undefined : identify(child.pid)
  if (!identity) throw new Error(`the server "${name}" does not start`)
  return { pid: identity.pid, stop: () => endGroup(identity, 5_000) }
}

async function untilReady({ name, pid, log }: { name: string; pid: number; log: Log }, url: string): Promise<void> {
  const identity = identify(pid)
  for (const started = Date.now(); !(await answers(url)); await sleep(200)) {
    const alive = identity !== undefined && isAlive(identity)
    if (alive && Date.now() - started < READY_MS) continue
    throw new Error(`the server "${name}" ${alive ? 'does not answer' : 'ended'}:\n${log.tail(name).join('\n')}`)
  }
}

/** The most memory a process ever held, in bytes; null where the system does not say. */
export function peakBytes(pid: number): number | null {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? null : Number(kilobytes) * 1024
  } catch {
    return null
  }
}
