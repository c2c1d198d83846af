import { Ingest, Ingested, IsoTime, Observe, PulledSnapshot, PullSnapshot } from '@modelyard/contracts'
import { ingest, observe, pullSnapshot } from '@modelyard/services'
import { z } from 'zod'
import { procedure, router } from '../base.ts'

/** What gateways call; each verb takes the gateway from its token. */
export const gatewayRouter = router({
  /** Long poll: to be called without the batching link. */
  pullSnapshot: procedure
    .input(PullSnapshot)
    .output(PulledSnapshot)
    .query(({ ctx, input, signal }) => pullSnapshot(ctx.ctx, input, { arm: ctx.hub.arm, signal })),
  observe: procedure
    .input(Observe)
    .output(z.object({ at: IsoTime }))
    .mutation(({ ctx, input }) => observe(ctx.ctx, input)),
  ingest: procedure
    .input(Ingest)
    .output(Ingested)
    .mutation(({ ctx, input }) => ingest(ctx.ctx, input)),
})
export type GatewayRouter = typeof gatewayRouter
