import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunnerFacts } from '@modelyard/contracts'
import { z } from 'zod'
import { asRefusal, createApi, pauseMs } from './api.ts'
import { readJson, writeJson } from './disk.ts'
import type { Env } from './env.ts'

const Identity = z.object({ runnerId: z.string(), token: z.string().startsWith('myr_') })
export type Identity = z.infer<typeof Identity>
type Facts = z.output<typeof RunnerFacts>
type Log = { info: (detail: object, message: string) => void; warn: (detail: object, message: string) => void }

/**
 * Who this runner is: from its file, which only its user can read, or by enrolling once. It waits for the control plane
 * for as long as it takes.
 */
export async function establishIdentity(env: Env, facts: Facts, log: Log): Promise<Identity> {
  mkdirSync(env.MODELYARD_RUNNER_DIR, { recursive: true, mode: 0o700 })
  const path = join(env.MODELYARD_RUNNER_DIR, 'runner.json')
  const known = readJson(path, Identity)
  if (known) return known
  const token = env.MODELYARD_ENROL_TOKEN
  if (!token) throw new Error('this runner has no token yet: set MODELYARD_ENROL_TOKEN')
  const api = createApi({ url: env.MODELYARD_API_URL, token, onError: () => {}, onContact: () => {} })
  for (let failures = 0; ; failures++) {
    try {
      const made = await api.runner.enrol.mutate({ facts })
      writeJson(path, made)
      log.info({ runnerId: made.runnerId }, 'enrolled')
      return made
    } catch (err) {
      const used = asRefusal(err)?.code === 'unauthenticated'
      const reason = err instanceof Error ? err.message : String(err)
      log.warn({ reason }, used ? 'the enrolment token is used up or unknown' : 'could not enrol yet')
      await sleep(pauseMs(failures))
    }
  }
}
