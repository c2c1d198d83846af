import { CompareModelVersions, ModelComparison } from '@modelyard/contracts'
import { compareModelVersions } from '@modelyard/services'
import { procedure, router } from '../base.ts'

export const modelCompareRouter = router({
  get: procedure
    .input(CompareModelVersions)
    .output(ModelComparison)
    .query(({ ctx, input }) => compareModelVersions(ctx.ctx, input)),
})
