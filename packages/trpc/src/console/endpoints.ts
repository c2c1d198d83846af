import {
  CreateEndpoint,
  Endpoint,
  EndpointSummary,
  idOf,
  ProjectRef,
  RollBack,
  RolledBack,
  UndoRollBack,
} from '@modelyard/contracts'
import { createEndpoint, getEndpoint, listEndpoints, rollBack, undoRollBack } from '@modelyard/services'
import { z } from 'zod'
import { procedure, router } from '../base.ts'

const GetEndpoint = ProjectRef.extend({
  endpointId: idOf('ep'),
  windowS: z.number().int().min(60).max(604_800).default(3_600),
})

export const endpointsRouter = router({
  list: procedure
    .input(ProjectRef)
    .output(z.array(EndpointSummary))
    .query(({ ctx, input }) => listEndpoints(ctx.ctx, input)),
  get: procedure
    .input(GetEndpoint)
    .output(Endpoint)
    .query(({ ctx, input }) => getEndpoint(ctx.ctx, input)),
  create: procedure
    .input(CreateEndpoint)
    .output(EndpointSummary)
    .mutation(({ ctx, input }) => createEndpoint(ctx.ctx, input)),
  rollBack: procedure
    .input(RollBack)
    .output(RolledBack)
    .mutation(({ ctx, input }) => rollBack(ctx.ctx, input)),
  undoRollBack: procedure
    .input(UndoRollBack)
    .output(EndpointSummary)
    .mutation(({ ctx, input }) => undoRollBack(ctx.ctx, input)),
})
