import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { migrate } from '@modelyard/db/migrate'
import { startPostgres } from '../../../cli/bootstrap/postgres.mjs'
import { connect } from '../../../cli/src/demo/client.ts'
import { dataFolder, removeFolder } from '../stack.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const HEALTHY_MS = 60_000

/** An api process on a database of its own, with one project and a key of its administrator. */
export type ApiProcess = {
  url: string
  key: string
  project: string
  api: ReturnType<typeof connect>['trpc']
  pid: number
  stop: () => Promise<void>
}

const secret = (prefix: string) => `${prefix}_${randomBytes(32).toString('base64url')}`

/** The least that MLflow clients need: PostgreSQL and the api, no console, worker or gateway. */
export async function startApi(project: string): Promise<ApiProcess> {
  const home = dataFolder()
  const postgres = await startPostgres({ home: join(home, 'postgres'), fast: true })
  const closing = [
    async () => {
      await postgres.stop()
      removeFolder(home)
    },
  ]
  const stop = async () => {
    for (const close of closing.toReversed()) await close()
  }
  try {
    await migrate({ databaseUrl: postgres.url, folder: join(root, 'migrations') })
    const { child, url, key } = await launchApi(home, postgres.url)
    closing.push(() => end(child))
    await untilHealthy(url, child)
    const { trpc: api } = connect({ apiUrl: url, key })
    const made = { slug: project, name: project, task: 'multiclass', idempotencyKey: randomUUID() } as const
    await api.account.createProject.mutate(made)
    return { url, key, project, api, pid: child.pid ?? 0, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** With its first administrator, whose key this is. */
async function launchApi(
  home: string,
  databaseUrl: string,
): Promise<{ child: ChildProcess; url: string; key: string }> {
  const first = {
    adminEmail: 'admin@example.test',
    adminPassword: randomBytes(18).toString('base64url'),
    apiKey: secret('my'),
    gatewayToken: secret('myg'),
    enrolToken: secret('mye'),
  }
  writeFileSync(join(home, 'first-run.json'), JSON.stringify(first), { mode: 0o600 })
  const port = await freePort()
  const env = {
    PATH: process.env.PATH ?? '',
    DATABASE_URL: databaseUrl,
    MODELYARD_SECRET: randomBytes(32).toString('hex'),
    MODELYARD_BLOB_DIR: join(home, 'blobs'),
    MODELYARD_CONSOLE_URL: 'http://127.0.0.1:9',
    MODELYARD_BOOTSTRAP_JSON: join(home, 'first-run.json'),
    PORT: String(port),
    LOG_LEVEL: 'warn',
  }
  await once(launch('apps/api/src/bootstrap.ts', env), 'close')
  return { child: launch('apps/api/src/main.ts', env), url: `http://127.0.0.1:${port}`, key: first.apiKey }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'close')
}

function launch(entry: string, env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, [join(root, entry)], { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + HEALTHY_MS
  const ready = () =>
    fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await ready())) {
    if (child.exitCode !== null || Date.now() > until) throw new Error('the api does not answer')
    await sleep(100)
  }
}
