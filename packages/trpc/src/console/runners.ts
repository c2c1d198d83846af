import { CreateEnrolToken, IsoTime, ProjectRef, RunnerCard } from '@modelyard/contracts'
import { createEnrolToken, listRunners } from '@modelyard/services'
import { z } from 'zod'
import { procedure, router } from '../base.ts'

export const runnersRouter = router({
  list: procedure
    .input(ProjectRef)
    .output(z.array(RunnerCard))
    .query(({ ctx, input }) => listRunners(ctx.ctx, input)),
  createEnrolToken: procedure
    .input(CreateEnrolToken)
    .output(z.object({ token: z.string(), expiresAt: IsoTime }))
    .mutation(({ ctx, input }) => createEnrolToken(ctx.ctx, input)),
})
