import {
  ChangedRuns,
  ChangeRuns,
  ChartSeries,
  ComparedRun,
  CompareRuns,
  CompareSeries,
  GroupRuns,
  ListRunRows,
  PageInput,
  ProjectRef,
  pageOf,
  ReadCharts,
  ReadRunRows,
  Run,
  RunCount,
  RunExperiment,
  RunGroup,
  RunKeys,
  RunRef,
  RunRow,
  RunRows,
  RunStatus,
  RunSummary,
  RunsQuery,
  Slug,
} from '@modelyard/contracts'
import {
  changeRuns,
  compareCharts,
  compareRuns,
  countRunRows,
  getRun,
  groupRunRows,
  listRunExperiments,
  listRunKeys,
  listRunRows,
  listRuns,
  readCharts,
  readRunRows,
} from '@modelyard/services'
import { z } from 'zod'
import { procedure, router } from '../base.ts'

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
    .input(ReadCharts)
    .output(z.array(ChartSeries))
    .query(({ ctx, input }) => readCharts(ctx.ctx, input)),
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
  change: procedure
    .input(ChangeRuns)
    .output(ChangedRuns)
    .mutation(({ ctx, input }) => changeRuns(ctx.ctx, input)),
  compare: procedure
    .input(CompareRuns)
    .output(z.array(ComparedRun))
    .query(({ ctx, input }) => compareRuns(ctx.ctx, input)),
  compareSeries: procedure
    .input(CompareSeries)
    .output(z.array(ChartSeries))
    .query(({ ctx, input }) => compareCharts(ctx.ctx, input)),
})
