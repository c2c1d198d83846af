import type { StartRollout } from '@modelyard/contracts'
import type { z } from 'zod'
import { startRollout } from '../rollout/start.ts'
import type { ServingStage } from './serving.ts'

type Policy = z.input<typeof StartRollout>['policy']

/** Two steps of seconds under every guard. */
export const policy = {
  steps: [
    { weightBps: 1_000, minDwellS: 3, minUnits: 10 },
    { weightBps: 5_000, minDwellS: 3, minUnits: 20 },
  ],
  alpha: 0.01,
  guards: ['errors', 'quality', 'latency'],
  margin: 1.25,
  maxDurationS: 600,
} satisfies Policy
type Change = Partial<Policy>

/** An endpoint of its own with a rollout of seconds, which every gateway has taken notice of. */
export async function beginRollout(stage: ServingStage, name: string, change: Change = {}) {
  const endpointId = await stage.endpoint(name)
  return { endpointId, ...(await nextRollout(stage, endpointId, change)) }
}

/** The same of another model version on an endpoint that is there. */
export async function nextRollout(stage: ServingStage, endpointId: string, change: Change = {}) {
  const modelVersionId = await stage.modelVersion()
  const input = {
    project: stage.project.slug,
    endpointId,
    modelVersionId,
    policy: { ...policy, ...change },
    idempotencyKey: stage.key(),
  }
  const rollout = await startRollout(stage.deployer, input)
  await stage.observeAll()
  return { rolloutId: rollout.id, rollout, input }
}
