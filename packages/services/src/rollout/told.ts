import { type Db, listVariants, type RolloutRow } from '@modelyard/db'
import type { Ctx } from '../context.ts'
import { happenedToRegistry, queueWebhooks } from '../webhook/event.ts'

type Step = 'started' | 'promoted' | 'rolled_back'

/** Webhooks are told which version began, won or lost, with the commit that says so. */
export async function queueRolloutWebhooks(
  ctx: Pick<Ctx, 'now' | 'newId'>,
  tx: Db,
  { rollout, endpoint, step }: { rollout: RolloutRow; endpoint: string; step: Step },
): Promise<void> {
  const { id: rolloutId, projectId, endpointId, toVariantId } = rollout
  const to = (await listVariants(tx, [endpointId])).find(({ id }) => id === toVariantId)
  if (!to) return
  const about = { name: to.model, version: to.modelVersion, rolloutId, endpoint }
  await queueWebhooks(ctx, tx, { projectId, events: [happenedToRegistry.rollout(step, about)] })
}
