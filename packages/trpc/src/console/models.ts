import {
  Approval,
  DecideApproval,
  idOf,
  ModelSummary,
  ModelVersion,
  ModelVersionSummary,
  ProjectRef,
  RegisterModelVersion,
  RequestApproval,
  Slug,
} from '@modelyard/contracts'
import {
  decideApproval,
  getModelVersion,
  listModels,
  listModelVersions,
  registerModelVersion,
  requestApproval,
} from '@modelyard/services'
import { z } from 'zod'
import { procedure, router } from '../base.ts'

const WhichVersion = z.union([
  ProjectRef.extend({ modelVersionId: idOf('mv') }),
  ProjectRef.extend({ model: Slug, version: z.number().int().min(1).max(1_000_000) }),
])

export const modelsRouter = router({
  list: procedure
    .input(ProjectRef)
    .output(z.array(ModelSummary))
    .query(({ ctx, input }) => listModels(ctx.ctx, input)),
  versions: procedure
    .input(ProjectRef.extend({ model: Slug }))
    .output(z.array(ModelVersionSummary))
    .query(({ ctx, input }) => listModelVersions(ctx.ctx, input)),
  get: procedure
    .input(WhichVersion)
    .output(ModelVersion)
    .query(({ ctx, input }) => getModelVersion(ctx.ctx, input)),
  register: procedure
    .input(RegisterModelVersion)
    .output(ModelVersion)
    .mutation(({ ctx, input }) => registerModelVersion(ctx.ctx, input)),
  requestApproval: procedure
    .input(RequestApproval)
    .output(Approval)
    .mutation(({ ctx, input }) => requestApproval(ctx.ctx, input)),
  decideApproval: procedure
    .input(DecideApproval)
    .output(Approval)
    .mutation(({ ctx, input }) => decideApproval(ctx.ctx, input)),
})
