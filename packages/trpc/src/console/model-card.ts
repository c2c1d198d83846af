import { EditModelCard, ExportedCard, ExportModelCard, GetModelCard, ModelCard } from '@modelyard/contracts'
import { editModelCard, exportModelCard, getModelCard } from '@modelyard/services'
import { procedure, router } from '../base.ts'

export const modelCardRouter = router({
  get: procedure
    .input(GetModelCard)
    .output(ModelCard)
    .query(({ ctx, input }) => getModelCard(ctx.ctx, input)),
  edit: procedure
    .input(EditModelCard)
    .output(ModelCard)
    .mutation(({ ctx, input }) => editModelCard(ctx.ctx, input)),
  export: procedure
    .input(ExportModelCard)
    .output(ExportedCard)
    .query(({ ctx, input }) => exportModelCard(ctx.ctx, input)),
})
