import { Board, ProjectRef } from '@modelyard/contracts'
import { readBoard } from '@modelyard/services'
import { procedure, router } from '../base.ts'

export const boardRouter = router({
  read: procedure
    .input(ProjectRef)
    .output(Board)
    .query(({ ctx, input }) => readBoard(ctx.ctx, input)),
})
