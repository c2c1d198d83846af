import type { GroupRuns, RunExperiment, RunGroup, RunKeys } from '@modelyard/contracts'
import { countExperimentRuns, groupRuns, readRunKeys } from '@modelyard/db'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { inTime } from '../search/in-time.ts'
import { groupField } from './column.ts'
import { askedRuns } from './list.ts'

/** The table's runs by a parameter, tag, dataset or attribute, with one metric's mean and extremes over each group. */
export async function groupRunRows(ctx: Ctx, input: z.output<typeof GroupRuns>): Promise<RunGroup[]> {
  const { scope, conditions } = await askedRuns(ctx, input)
  const by = groupField(input.by)
  return inTime(groupRuns(ctx.db, scope, { conditions, by, metric: input.metric ?? null }))
}

/** What columns there are to choose from, the most frequent first. */
export async function listRunKeys(ctx: Ctx, input: { project: string }): Promise<RunKeys> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const rows = await readRunKeys(ctx.db, { projectId: project.id })
  const of = (wanted: keyof RunKeys) =>
    rows.filter(({ kind }) => kind === wanted).map(({ key, runs }) => ({ key, runs }))
  return { params: of('params'), metrics: of('metrics'), tags: of('tags') }
}

export async function listRunExperiments(ctx: Ctx, input: { project: string }): Promise<RunExperiment[]> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  return countExperimentRuns(ctx.db, { projectId: project.id })
}
