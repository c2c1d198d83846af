import { GetLineage, LineageGraph } from '@modelyard/contracts'
import { getLineage } from '@modelyard/services'
import { procedure, router } from '../base.ts'

export const lineageRouter = router({
  get: procedure
    .input(GetLineage)
    .output(LineageGraph)
    .query(({ ctx, input }) => getLineage(ctx.ctx, input)),
})
