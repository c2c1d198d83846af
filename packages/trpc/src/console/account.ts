import {
  AddMember,
  ApiKey,
  CreateApiKey,
  CreatedApiKey,
  CreateProject,
  IdempotencyKey,
  idOf,
  Member,
  Project,
  ProjectRef,
  Viewer,
} from '@modelyard/contracts'
import {
  addMember,
  createApiKey,
  createProject,
  listKeys,
  listMembers,
  readViewer,
  revokeKey,
} from '@modelyard/services'
import { z } from 'zod'
import { procedure, router } from '../base.ts'

export const accountRouter = router({
  viewer: procedure.output(Viewer).query(({ ctx }) => readViewer(ctx.ctx)),
  createProject: procedure
    .input(CreateProject)
    .output(Project)
    .mutation(({ ctx, input }) => createProject(ctx.ctx, input)),
  members: procedure
    .input(ProjectRef)
    .output(z.array(Member))
    .query(({ ctx, input }) => listMembers(ctx.ctx, input)),
  addMember: procedure
    .input(AddMember)
    .output(Member)
    .mutation(({ ctx, input }) => addMember(ctx.ctx, input)),
  keys: procedure.output(z.array(ApiKey)).query(({ ctx }) => listKeys(ctx.ctx)),
  createKey: procedure
    .input(CreateApiKey)
    .output(CreatedApiKey)
    .mutation(({ ctx, input }) => createApiKey(ctx.ctx, input)),
  revokeKey: procedure
    .input(z.object({ id: idOf('key'), idempotencyKey: IdempotencyKey }))
    .output(z.object({ id: idOf('key') }))
    .mutation(({ ctx, input }) => revokeKey(ctx.ctx, input)),
})
