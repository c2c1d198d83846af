import {
  idOf,
  MetricSeries,
  PageInput,
  ProjectRef,
  pageOf,
  Run,
  RunStatus,
  RunSummary,
  Slug,
  Text,
} from '@modelyard/contracts'
import { getRun, listRuns, readSeries } from '@modelyard/services'
import { z } from 'zod'
import { procedure, router } from '../base.ts'

const RunRef = ProjectRef.extend({ runId: idOf('run') })

export const runsRouter = router({
  list: procedure
    .input(PageInput.extend({ project: Slug, experiment: Slug.optional(), status: RunStatus.optional() }))
    .output(pageOf(RunSummary))
    .query(({ ctx, input }) => listRuns(ctx.ctx, input)),
  get: procedure
    .input(RunRef)
    .output(Run)
    .query(({ ctx, input }) => getRun(ctx.ctx, input)),
  series: procedure
    .input(RunRef.extend({ keys: z.array(Text.min(1).max(250)).max(100).optional() }))
    .output(z.array(MetricSeries))
    .query(({ ctx, input }) => readSeries(ctx.ctx, input)),
})
