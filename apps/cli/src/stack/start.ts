import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { choosePort, isFree, ownerOf } from '../../bootstrap/ports.mjs'
import { identify } from '../../bootstrap/processes.mjs'
import type { StackArguments } from '../arguments.ts'
import type { CliEnv } from '../env.ts'
import { repository } from '../repository.ts'
import { openDatabase } from './database.ts'
import { answers } from './health.ts'
import { Log } from './log.ts'
import { writePrivately } from './private-file.ts'
import { type Bundles, bundleServices, migrateDatabase, prepareConsole, runToEnd } from './programs.ts'
import { removeReadyFile } from './ready.ts'
import { claimDataDir, endLeftovers, forgetRun } from './run-file.ts'
import { secretsOf } from './secrets.ts'
import { commandOf, environmentOf, SERVICES, type Service, type StackFacts } from './services.ts'
import { Stack } from './stack.ts'
import { Supervised } from './supervised.ts'

export type StartOptions = StackArguments & {
  env: CliEnv
  /** Bundles and a built console, or sources under watchers. */
  mode: 'bundled' | 'source'
  /** `host:port` of private webhook receivers to be allowed. */
  webhookAllow?: readonly string[]
  /** Aborted when the start is to be given up. */
  signal: AbortSignal
  /** Told as soon as there is something to stop. */
  opened?: (stack: Stack) => void
}

const HEALTH_LIMIT_MS = 120_000
const POSTGRES_OFFSET = 9

/**
 * Starts everything and waits until all answer. Whatever fails on the way, nothing is left running.
 * @throws AlreadyRunning when a live supervisor owns the data folder
 */
export async function startStack(options: StartOptions): Promise<Stack> {
  // When we are root PostgreSQL runs as another user, who must be able to pass through.
  mkdirSync(options.dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
  await claimDataDir(options.dataDir)
  const log = new Log({ dataDir: options.dataDir, colour: options.env.colour })
  removeReadyFile(options.readyFile)
  let stack: Stack | undefined
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  try {
    const left = await endLeftovers(options.dataDir)
    if (left.length > 0) log.say(`ended what a start before this left: ${left.join(', ')}`)
    stack = await openStack(options, log)
    options.opened?.(stack)
    options.signal.throwIfAborted()
    await startServices(stack, { ...options, signal })
    stack.announce()
    return stack
  } catch (error) {
    // A build that still runs beside must end too.
    failed.abort(error)
    if (stack) await stack.stop()
    else forgetRun(options.dataDir)
    throw error
  }
}

async function openStack(options: StartOptions, log: Log): Promise<Stack> {
  const supervisor = identify(process.pid)
  if (!supervisor) throw new Error('This process cannot be found in the process table')
  const { dataDir, env } = options
  const database = await openDatabase({
    databaseUrl: env.databaseUrl,
    dataDir,
    port: options.portBase + POSTGRES_OFFSET,
    log,
  })
  const facts: StackFacts = {
    dataDir,
    databaseUrl: database.url,
    ports: await choosePorts(options.portBase, log),
    secrets: secretsOf(dataDir),
    env,
    webhookAllow: options.webhookAllow ?? [],
    commit: commitOfClone(),
  }
  const stack = new Stack({ facts, log, supervisor, database, readyFile: options.readyFile })
  stack.record()
  database.keep({ dataDir, log, changed: () => stack.record() })
  return stack
}

async function choosePorts(base: number, log: Log): Promise<Record<string, number>> {
  const ports: Record<string, number> = {}
  const reserved = new Set<number>()
  for (const { name, offset } of SERVICES) {
    const wanted = base + offset
    const port = await choosePort(wanted, reserved)
    if (port !== wanted && !(await isFree(wanted))) {
      log.say(`port ${wanted} is taken by ${ownerOf(wanted) ?? 'another program'}; ${name} uses ${port}`)
    }
    reserved.add(port)
    ports[name] = port
  }
  return ports
}

function commitOfClone(): string | undefined {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: repository, encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return undefined
  }
}

async function startServices(stack: Stack, options: StartOptions): Promise<void> {
  const { log, facts } = stack
  const bundled = options.mode === 'bundled'
  const consoleBuild = bundled ? prepareConsole({ ...options, log }) : Promise.resolve()
  // Its failure is reported where it is awaited; until then it must not count as unhandled.
  consoleBuild.catch(() => undefined)
  const bundles = await bundleServices(bundled ? SERVICES : [], log)
  await migrateDatabase(bundles, { databaseUrl: facts.databaseUrl, folder: join(repository, 'migrations') })
  options.signal.throwIfAborted()
  await firstRun(stack, { bundles, signal: options.signal })
  const waits = new Map<string, Promise<void>>()
  for (const service of SERVICES) {
    if (!service.entry) await consoleBuild
    if (service.isClient) await waits.get('api')
    options.signal.throwIfAborted()
    const folder = bundled ? (bundles.get(service.name) ?? '') : undefined
    const member = new Supervised({
      name: service.name,
      command: commandOf(service, facts, folder),
      log,
      changed: () => stack.record(),
    })
    stack.add({ service, process: member })
    member.start()
    const wait = untilHealthy(service, { stack, signal: options.signal })
    wait.catch(() => undefined)
    waits.set(service.name, wait)
  }
  await Promise.all(waits.values())
}

/** Makes the administrator and the tokens of the local gateway and runner; finds them there at every later start. */
export async function firstRun(
  { facts, log }: Pick<Stack, 'facts' | 'log'>,
  run: { bundles: Bundles; signal: AbortSignal },
): Promise<void> {
  const { adminEmail, adminPassword, apiKey, gatewayToken, enrolToken } = facts.secrets
  const file = join(facts.dataDir, 'first-run.json')
  writePrivately(file, { adminEmail, adminPassword, apiKey, gatewayToken, enrolToken })
  const api = SERVICES.find(({ name }) => name === 'api')
  const env = api ? environmentOf(api, facts) : {}
  const args = [join(run.bundles.get('first-run') ?? '', 'main.mjs')]
  try {
    await runToEnd('first-run', {
      command: { args, cwd: facts.dataDir, env: { ...env, MODELYARD_BOOTSTRAP_JSON: file } },
      log,
      signal: run.signal,
    })
  } finally {
    rmSync(file, { force: true })
  }
}

async function untilHealthy(service: Service, wait: { stack: Stack; signal: AbortSignal }): Promise<void> {
  const { facts, log } = wait.stack
  const started = Date.now()
  while (!(await answers(`http://127.0.0.1:${facts.ports[service.name]}${service.healthPath}`))) {
    wait.signal.throwIfAborted()
    if (Date.now() - started > HEALTH_LIMIT_MS) {
      throw new Error(`${service.name} does not answer; its last lines:\n${log.tail(service.name).join('\n')}`)
    }
    await sleep(150)
  }
  log.say(`${service.name} answers (${((Date.now() - started) / 1000).toFixed(1)} s)`)
}
