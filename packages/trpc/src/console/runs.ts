import {
  ComparedRun,
  ComparedSeries,
  CompareRuns,
  CompareSeries,
  GroupRuns,
  idOf,
  ListRunRows,
  MetricSeries,
  PageInput,
  ProjectRef,
  pageOf,
  ReadRunRows,
  Run,
  RunCount,
  RunExperiment,
  RunGroup,
  RunKeys,
  RunRow,
  RunRows,
  RunStatus,
  RunSummary,
  RunsQuery,
  Slug,
  Text,
} from '@modelyard/contracts'
import {
  compareRuns,
  compareSeries,
  countRunRows,
  getRun,
  groupRunRows,
  listRunExperiments,
  listRunKeys,
  listRunRows,
  listRuns,
  readRunRows,
  readSeries,
} from '@modelyard/services'
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
  rows: procedure
    .input(ListRunRows)
    .output(RunRows)
    .query(({ ctx, input }) => listRunRows(ctx.ctx, input)),
  readRows: procedure
    .input(ReadRunRows)
    .output(z.array(RunRow))
    .query(({ ctx, input }) => readRunRows(ctx.ctx, input)),
  count: procedure
    .input(RunsQuery)
    .output(RunCount)
    .query(({ ctx, input }) => countRunRows(ctx.ctx, input)),
  keys: procedure
    .input(ProjectRef)
    .output(RunKeys)
    .query(({ ctx, input }) => listRunKeys(ctx.ctx, input)),
  experiments: procedure
    .input(ProjectRef)
    .output(z.array(RunExperiment))
    .query(({ ctx, input }) => listRunExperiments(ctx.ctx, input)),
  group: procedure
    .input(GroupRuns)
    .output(z.array(RunGroup))
    .query(({ ctx, input }) => groupRunRows(ctx.ctx, input)),
  compare: procedure
    .input(CompareRuns)
    .output(z.array(ComparedRun))
    .query(({ ctx, input }) => compareRuns(ctx.ctx, input)),
  compareSeries: procedure
    .input(CompareSeries)
    .output(ComparedSeries)
    .query(({ ctx, input }) => compareSeries(ctx.ctx, input)),
})
