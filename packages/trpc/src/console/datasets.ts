import { DatasetSummary, DatasetVersion, idOf, ProjectRef, RegisterDataset, Slug } from '@modelyard/contracts'
import { getDatasetVersion, listDatasets, registerDataset } from '@modelyard/services'
import { z } from 'zod'
import { procedure, router } from '../base.ts'

const WhichVersion = z.union([
  ProjectRef.extend({ id: idOf('dsv') }),
  ProjectRef.extend({ name: Slug, version: z.number().int().min(1).max(1_000_000) }),
])

export const datasetsRouter = router({
  list: procedure
    .input(ProjectRef)
    .output(z.array(DatasetSummary))
    .query(({ ctx, input }) => listDatasets(ctx.ctx, input)),
  get: procedure
    .input(WhichVersion)
    .output(DatasetVersion)
    .query(({ ctx, input }) => getDatasetVersion(ctx.ctx, input)),
  register: procedure
    .input(RegisterDataset)
    .output(DatasetVersion)
    .mutation(({ ctx, input }) => registerDataset(ctx.ctx, input)),
})
