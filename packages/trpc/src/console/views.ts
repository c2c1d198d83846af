import { DeleteView, idOf, ProjectRef, SavedView, SaveView } from '@modelyard/contracts'
import { deleteView, listViews, saveView } from '@modelyard/services'
import { z } from 'zod'
import { procedure, router } from '../base.ts'

export const viewsRouter = router({
  list: procedure
    .input(ProjectRef.extend({ page: z.literal('runs') }))
    .output(z.array(SavedView))
    .query(({ ctx, input }) => listViews(ctx.ctx, input)),
  save: procedure
    .input(SaveView)
    .output(SavedView)
    .mutation(({ ctx, input }) => saveView(ctx.ctx, input)),
  delete: procedure
    .input(DeleteView)
    .output(z.object({ id: idOf('vw') }))
    .mutation(({ ctx, input }) => deleteView(ctx.ctx, input)),
})
