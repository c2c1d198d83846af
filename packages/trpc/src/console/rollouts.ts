import { CommandRollout, idOf, PageInput, pageOf, Rollout, Slug, StartRollout } from '@modelyard/contracts'
import { commandRollout, getRollout, listRollouts, startRollout } from '@modelyard/services'
import { z } from 'zod'
import { procedure, router } from '../base.ts'

const RolloutHead = Rollout.pick({
  id: true,
  number: true,
  endpointId: true,
  endpoint: true,
  state: true,
  stepIndex: true,
  reason: true,
  startedBy: true,
  startedAt: true,
  endedAt: true,
})
const ListRollouts = PageInput.extend({
  project: Slug,
  endpointId: idOf('ep').optional(),
  active: z.boolean().optional(),
})

export const rolloutsRouter = router({
  list: procedure
    .input(ListRollouts)
    .output(pageOf(RolloutHead))
    .query(({ ctx, input }) => listRollouts(ctx.ctx, input)),
  get: procedure
    .input(z.object({ project: Slug, rolloutId: idOf('ro') }))
    .output(Rollout)
    .query(({ ctx, input }) => getRollout(ctx.ctx, input)),
  start: procedure
    .input(StartRollout)
    .output(Rollout)
    .mutation(({ ctx, input }) => startRollout(ctx.ctx, input)),
  command: procedure
    .input(CommandRollout)
    .output(Rollout)
    .mutation(({ ctx, input }) => commandRollout(ctx.ctx, input)),
})
