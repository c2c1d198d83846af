import type { ListRunRows, ReadRunRows, RunCount, RunRow, RunsQuery } from '@modelyard/contracts'
import { countRunStates, type RunScope } from '@modelyard/db'
import { type Condition, parseFilter, RUNS } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { inTime } from '../search/in-time.ts'
import { searchRuns } from '../search/runs.ts'
import { orderItems } from './column.ts'
import { runsNamed } from './compare.ts'
import { runRow } from './row.ts'

/**
 * A page of the runs table: those a filter holds for, in an order, by keyset.
 * @throws Refusal `invalid` naming `filter` with its position, or `sort`.
 */
export async function listRunRows(
  ctx: Ctx,
  input: z.output<typeof ListRunRows>,
): Promise<{ items: RunRow[]; nextCursor: string | null }> {
  const { project, filter, shown, sort, columns, limit, cursor } = input
  const experiments = input.experiment === undefined ? undefined : [input.experiment]
  const orderBy = orderItems(sort)
  const page = await searchRuns(ctx, { project, experiments, filter, orderBy, view: shown, limit, cursor })
  return { items: page.items.map((record) => runRow(record, columns)), nextCursor: page.nextCursor }
}

/** How many runs there are, whatever part of them is loaded. */
export async function countRunRows(ctx: Ctx, input: z.output<typeof RunsQuery>): Promise<RunCount> {
  const { scope, conditions } = await askedRuns(ctx, input)
  return inTime(countRunStates(ctx.db, scope, conditions))
}

/** Rows that a table shows already, as they are now. @throws Refusal `not_found` when the project lacks one */
export async function readRunRows(ctx: Ctx, input: z.output<typeof ReadRunRows>): Promise<RunRow[]> {
  const { records } = await runsNamed(ctx, input)
  return records.map((record) => runRow(record, input.columns))
}

/** A table's question as the store takes it. @throws Refusal `invalid` naming `filter` and the position. */
export async function askedRuns(
  ctx: Ctx,
  input: z.output<typeof RunsQuery>,
): Promise<{ scope: RunScope; conditions: Condition[] }> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const experiments = input.experiment === undefined ? null : [input.experiment]
  const conditions = parseFilter(RUNS, input.filter)
  return { scope: { projectId: project.id, experiments, view: input.shown }, conditions }
}
