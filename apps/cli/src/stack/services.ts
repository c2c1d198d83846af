import { join } from 'node:path'
import { consoleFolder, nextProgram } from '../build/console.ts'
import type { CliEnv } from '../env.ts'
import { repository } from '../repository.ts'
import type { Secrets } from './secrets.ts'
import type { Command } from './supervised.ts'

/** Everything a service can be told about the stack it belongs to. */
export type StackFacts = {
  dataDir: string
  databaseUrl: string
  ports: Record<string, number>
  secrets: Secrets
  env: CliEnv
  /** `host:port` of receivers on this machine that the command itself opens, besides those of the operator. */
  webhookAllow: readonly string[]
  /** Commit of this clone, for lineage; absent outside a git clone. */
  commit: string | undefined
}

export type Service = {
  name: string
  /** Place in the row of ports that begins at `--port-base`. */
  offset: number
  /** Source of the program; the console has none, Next starts it. */
  entry?: string
  /** Further programs it starts itself, which must lie beside its bundle. */
  companions?: Record<string, string>
  /** Answers below 500 once it can work. */
  healthPath: string
  /** Options of its Node. */
  flags?: readonly string[]
  /** How long it may take to end what it has begun. */
  graceMs: number
  /** Clients of the api start after it answers, and stop first so that they can hand over what they hold. */
  isClient: boolean
  env: (facts: StackFacts) => Record<string, string>
}

const MODEL_PROCESS = { 'model-process': 'packages/inference/src/process/main.ts' }
const HASH_THREAD = { 'hash-thread': 'packages/artifacts/src/hash-thread.ts' }

const url = (facts: StackFacts, name: string): string => `http://127.0.0.1:${facts.ports[name]}`

/** For the three that work on the database. */
function withDatabase(facts: StackFacts): Record<string, string> {
  return {
    DATABASE_URL: facts.databaseUrl,
    ...(facts.env.redisUrl ? { REDIS_URL: facts.env.redisUrl } : {}),
    MODELYARD_SECRET: facts.secrets.sessionSecret,
    MODELYARD_BLOB_DIR: join(facts.dataDir, 'blobs'),
    ...facts.env.blobStore,
    MODELYARD_CONSOLE_URL: url(facts, 'console'),
    MODELYARD_API_URL: url(facts, 'api'),
    MODELYARD_GATEWAY_URL: url(facts, 'gateway'),
    MODELYARD_WEBHOOK_ALLOW: [...facts.env.webhookAllow, ...facts.webhookAllow].join(','),
  }
}

export const SERVICES: readonly Service[] = [
  {
    name: 'api',
    offset: 1,
    entry: 'apps/api/src/main.ts',
    companions: { ...MODEL_PROCESS, ...HASH_THREAD },
    healthPath: '/health/ready',
    // Answers of megabytes are garbage soon; with room for it, the heap would grow instead of being cleared.
    flags: ['--max-semi-space-size=4'],
    graceMs: 5_000,
    isClient: false,
    env: withDatabase,
  },
  {
    name: 'worker',
    offset: 3,
    entry: 'apps/worker/src/main.ts',
    companions: MODEL_PROCESS,
    healthPath: '/health/ready',
    graceMs: 8_000,
    isClient: false,
    env: withDatabase,
  },
  {
    name: 'gateway',
    offset: 2,
    entry: 'apps/gateway/src/main.ts',
    companions: MODEL_PROCESS,
    healthPath: '/health/ready',
    graceMs: 8_000,
    isClient: true,
    env: (facts) => ({
      MODELYARD_API_URL: url(facts, 'api'),
      MODELYARD_GATEWAY_TOKEN: facts.secrets.gatewayToken,
      MODELYARD_GATEWAY_DIR: join(facts.dataDir, 'gateway'),
    }),
  },
  {
    name: 'agent',
    offset: 4,
    entry: 'runners/agent/src/main.ts',
    companions: { supervisor: 'runners/agent/src/supervisor.ts' },
    healthPath: '/health/live',
    graceMs: 8_000,
    isClient: true,
    env: (facts) => ({
      MODELYARD_API_URL: url(facts, 'api'),
      MODELYARD_ENROL_TOKEN: facts.secrets.enrolToken,
      MODELYARD_RUNNER_DIR: join(facts.dataDir, 'runner'),
      MODELYARD_RECIPES_DIR: join(repository, 'runners/recipes'),
    }),
  },
  {
    name: 'console',
    offset: 0,
    healthPath: '/api/health',
    // Next does not end while a page holds an event stream open.
    graceMs: 2_000,
    isClient: false,
    env: (facts) => ({ ...withDatabase(facts), NEXT_TELEMETRY_DISABLED: '1' }),
  },
]

/** The environment of a service: what all get, and its own. Nothing of the caller's beyond `CliEnv.inherited`. */
export function environmentOf(service: Service, facts: StackFacts): Record<string, string> {
  return {
    ...facts.env.inherited,
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(facts.ports[service.name]),
    LOG_LEVEL: facts.env.logLevel,
    MODELYARD_DATA_DIR: facts.dataDir,
    ...(facts.commit ? { MODELYARD_COMMIT: facts.commit } : {}),
    ...service.env(facts),
  }
}

/** How a service is started; from its bundle when given, else from source under a watcher. */
export function commandOf(service: Service, facts: StackFacts, bundleFolder?: string): Command {
  const env = environmentOf(service, facts)
  if (!service.entry) {
    const verb = bundleFolder === undefined ? 'dev' : 'start'
    const address = ['--hostname', '127.0.0.1', '--port', env.PORT ?? '']
    if (verb === 'dev') env.NODE_ENV = 'development'
    return { args: [nextProgram, verb, ...address], cwd: consoleFolder, env }
  }
  if (bundleFolder !== undefined)
    return { args: [...(service.flags ?? []), join(bundleFolder, 'main.mjs')], cwd: facts.dataDir, env }
  const source = join(repository, service.entry)
  return { args: ['--watch', '--watch-preserve-output', source], cwd: repository, env }
}
