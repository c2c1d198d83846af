import type { Observe } from '@modelyard/contracts'
import { notify, storeObservation } from '@modelyard/db'
import type { z } from 'zod'
import { asGateway } from '../access.ts'
import type { Ctx } from '../context.ts'

/** A gateway's heartbeat: which generation of each endpoint it serves. Pages hear of it when one is new. */
export async function observe(ctx: Ctx, input: z.output<typeof Observe>): Promise<{ at: string }> {
  const { gatewayId } = asGateway(ctx)
  const at = ctx.now()
  const observed = Object.fromEntries(input.endpoints.map(({ endpointId, generation }) => [endpointId, generation]))
  await ctx.db.transaction(async (tx) => {
    const changed = await storeObservation(tx, { gatewayId, name: input.name, bootId: input.bootId, observed, at })
    for (const { endpointId, projectId } of changed)
      await notify(tx, { channel: 'modelyard_change', payload: { noun: 'endpoint', id: endpointId, projectId } })
  })
  return { at: at.toISOString() }
}
