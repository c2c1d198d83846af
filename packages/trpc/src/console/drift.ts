import { DriftPoint, DriftReport, idOf, Slug } from '@modelyard/contracts'
import { getDrift, listDrift } from '@modelyard/services'
import { z } from 'zod'
import { procedure, router } from '../base.ts'

export const driftRouter = router({
  list: procedure
    .input(z.object({ project: Slug, endpointId: idOf('ep'), limit: z.number().int().min(1).max(500).default(100) }))
    .output(z.array(DriftPoint))
    .query(({ ctx, input }) => listDrift(ctx.ctx, input)),
  get: procedure
    .input(z.object({ project: Slug, reportId: idOf('drf') }))
    .output(DriftReport)
    .query(({ ctx, input }) => getDrift(ctx.ctx, input)),
})
