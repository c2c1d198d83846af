import { cpus, totalmem } from 'node:os'
import type { RunnerFacts } from '@modelyard/contracts'
import type { z } from 'zod'
import type { Env } from './env.ts'
import type { Executor } from './executors/executor.ts'
import { listRecipes } from './recipes.ts'

/** What this machine is and can do, as it stands now. */
export async function gatherFacts(env: Env, executor: Executor): Promise<z.output<typeof RunnerFacts>> {
  return {
    name: env.MODELYARD_RUNNER_NAME,
    version: env.MODELYARD_COMMIT.slice(0, 50),
    labels: env.MODELYARD_RUNNER_LABELS,
    slots: env.MODELYARD_RUNNER_SLOTS,
    cpus: Math.max(1, cpus().length),
    memoryMb: Math.max(1, Math.floor(totalmem() / 2 ** 20)),
    devices: await executor.probe(),
    recipes: listRecipes(env.MODELYARD_RECIPES_DIR),
  }
}
