import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { bundle, endBundling } from '../build/bundle.ts'
import { buildConsole, consoleFolder, nextProgram } from '../build/console.ts'
import type { CliEnv } from '../env.ts'
import type { Log } from './log.ts'
import type { Service } from './services.ts'
import type { Command } from './supervised.ts'

/** Folders of the bundles by name; `migrate` and `first-run` are run once at every start. */
export type Bundles = Map<string, string>

const BEAT_MS = 15_000

const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`

export async function bundleServices(services: readonly Service[], log: Log): Promise<Bundles> {
  const started = Date.now()
  const plans = [
    { name: 'migrate', entries: { main: 'packages/db/src/migrate.ts' } },
    { name: 'first-run', entries: { main: 'apps/api/src/bootstrap.ts' } },
    ...services.flatMap(({ name, entry, companions }) =>
      entry ? [{ name, entries: { main: entry, ...companions } }] : [],
    ),
  ]
  const bundles: Bundles = new Map()
  for (const plan of plans) bundles.set(plan.name, await bundle(plan))
  await endBundling()
  log.say(`programs: bundles of ${plans.length} ready in ${seconds(started)}`)
  return bundles
}

/** Builds the console when its sources changed; the build's own lines go to the log as `build`. */
export async function prepareConsole(options: { env: CliEnv; log: Log; signal: AbortSignal }): Promise<void> {
  const started = Date.now()
  const built = await buildConsole(async () => {
    options.log.say('console: building it (first start, or its sources changed; up to a minute) ...')
    const beat = setInterval(() => options.log.say(`console: still building, ${seconds(started)}`), BEAT_MS)
    await runToEnd('build', {
      command: {
        args: [nextProgram, 'build'],
        cwd: consoleFolder,
        env: {
          ...options.env.inherited,
          NODE_ENV: 'production',
          NEXT_TELEMETRY_DISABLED: '1',
          MODELYARD_SKIP_TYPES: '1',
        },
      },
      ...options,
    }).finally(() => clearInterval(beat))
  })
  options.log.say(built ? `console: built in ${seconds(started)}` : 'console: its build is up to date')
}

/**
 * Runs a program once, in its own process group.
 * @throws with its last lines when it does not exit with 0
 */
export function runToEnd(name: string, run: { command: Command; log: Log; signal: AbortSignal }): Promise<void> {
  const { args, cwd, env } = run.command
  const child = spawn(process.execPath, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  run.log.follow(name, child.stdout)
  run.log.follow(name, child.stderr)
  const interrupt = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }
  run.signal.addEventListener('abort', interrupt, { once: true })
  return new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) resolve()
      else reject(new Error(`${name} failed (${signal ?? `exit ${code}`})\n${run.log.tail(name).join('\n')}`))
    })
  }).finally(() => run.signal.removeEventListener('abort', interrupt))
}

/** Applies the migrations of this clone; the database's own lock makes concurrent starts wait for each other. */
export async function migrateDatabase(
  bundles: Bundles,
  options: { databaseUrl: string; folder: string },
): Promise<void> {
  // Imported from the bundle: this program may not depend on the database package.
  const path = join(bundles.get('migrate') ?? '', 'main.mjs')
  const { migrate } = (await import(path)) as {
    migrate: (args: { databaseUrl: string; folder: string }) => Promise<unknown>
  }
  await migrate(options)
}
