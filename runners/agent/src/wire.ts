import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createLogger, createMetrics, type Logger, type Metrics } from '@modelyard/telemetry'
import { createApi } from './api.ts'
import { readJson, writeJson } from './disk.ts'
import type { Env } from './env.ts'
import { processExecutor } from './executors/process.ts'
import { gatherFacts } from './facts.ts'
import { establishIdentity } from './identity.ts'
import { identify, isAlive, ProcessIdentity } from './processes.ts'
import { recipeCommand } from './recipes.ts'
import { Session } from './session.ts'

const FRESH_MS = 90_000

export type Wired = {
  log: Logger
  metrics: Metrics<'runner'>
  /** Whether the control plane was heard of lately. */
  isHeard: () => boolean
  /** Enrols where that is needed, which waits for the control plane. */
  open: () => Promise<Session>
}

/** Two agents over one folder would each kill what the other runs. */
function claimFolder(runnerDir: string): void {
  mkdirSync(runnerDir, { recursive: true, mode: 0o700 })
  const path = join(runnerDir, 'agent.json')
  const other = readJson(path, ProcessIdentity)
  if (other && other.pid !== process.pid && isAlive(other))
    throw new Error(`process ${other.pid} is the agent of ${runnerDir} already`)
  writeJson(path, identify(process.pid))
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** The only place of this process that knows which adapters there are. */
export function wire(env: Env): Wired {
  const log = createLogger({ process: 'runner', level: env.LOG_LEVEL })
  const metrics = createMetrics('runner', { version: env.MODELYARD_COMMIT })
  const executor = processExecutor
  let heardMs = Number.NEGATIVE_INFINITY
  const facts = () => gatherFacts(env, executor)
  const open = async () => {
    claimFolder(env.MODELYARD_RUNNER_DIR)
    const { token, runnerId } = await establishIdentity(env, await facts(), log)
    const api = createApi({
      url: env.MODELYARD_API_URL,
      token,
      onError: (operation, err) => {
        metrics.runnerApiErrors.inc({ operation })
        log.warn({ operation, reason: reasonOf(err) }, 'a call failed and is made again')
      },
      onContact: () => {
        heardMs = performance.now()
        metrics.runnerContact.set(Date.now() / 1000)
      },
    })
    log.info({ runnerId, api: env.MODELYARD_API_URL }, 'the runner begins')
    return new Session({
      api,
      executor,
      log,
      facts,
      runnerDir: env.MODELYARD_RUNNER_DIR,
      around: { path: env.PATH, otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT, apiUrl: env.MODELYARD_API_URL },
      commandOf: (recipe) => recipeCommand(env.MODELYARD_RECIPES_DIR, recipe),
      onEnd: (outcome) => metrics.runnerEnds.inc({ outcome }),
      onAttempts: (count) => metrics.runnerAttempts.set(count),
    })
  }
  return { log, metrics, isHeard: () => performance.now() - heardMs < FRESH_MS, open }
}
