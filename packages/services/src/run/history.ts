import {
  type JsonNumber,
  type PointKey,
  type PointRow,
  readHistories,
  readHistory,
  readSeriesColumns,
  type SeriesColumns,
} from '@modelyard/db'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'

export type { PointKey, PointRow } from '@modelyard/db'

type Many = { project: string; runIds: readonly string[]; key: string; limit: number }

/**
 * A page of a metric's history, exact, ordered by (time, step, value); `next` is where to go on. A run or metric that is
 * not there has no points.
 */
export async function readMetricHistory(
  ctx: Ctx,
  input: { project: string; runId: string; key: string; after?: PointKey; limit: number },
): Promise<{ points: PointRow[]; next: PointKey | null }> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const { runId, key, after, limit } = input
  const found = await readHistory(ctx.db, { projectId: project.id, runId, key, after, limit: limit + 1 })
  const points = found.slice(0, limit)
  return { points, next: found.length > limit ? (points.at(-1) ?? null) : null }
}

/** The histories of one metric of several runs, ordered by run; the first `limit` points of them all. */
export async function readMetricHistories(ctx: Ctx, input: Many): Promise<PointRow[]> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const { runIds, key, limit } = input
  return readHistories(ctx.db, { projectId: project.id, runIds, key, limit })
}

/** Lowest, highest and newest of each bucket. */
const POINTS_PER_BUCKET = 3

/**
 * One metric of several runs in at most `limit` points each, ordered by run and step. A metric that has no more points
 * than that is answered as it is; of a longer one each bucket of steps gives its lowest, highest and newest value, which
 * all stand at the step and time of the newest.
 */
export async function sampleMetricHistories(
  ctx: Ctx,
  input: Many & { fromStep?: bigint; toStep?: bigint },
): Promise<PointRow[]> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const { runIds, key, limit, fromStep, toStep } = input
  const of = { projectId: project.id, runIds, fromStep, toStep }
  const whole = await readHistories(ctx.db, { ...of, key, maxPoints: limit, limit: limit * runIds.length })
  const buckets = Math.max(1, Math.floor(limit / POINTS_PER_BUCKET))
  const columns = await readSeriesColumns(ctx.db, { ...of, keys: [key], buckets, limit: runIds.length })
  const sampled = columns.filter(({ points }) => points > limit).flatMap(pointsOf)
  return [...whole, ...sampled].sort(byRunAndStep).slice(0, limit * runIds.length)
}

function pointsOf(series: SeriesColumns): PointRow[] {
  const { steps, last_at_ms, last, min, max } = series
  return (steps ?? []).flatMap((step, index) => {
    const newest = numberOf(last?.[index] ?? 'NaN')
    const values = new Set([min?.[index], max?.[index]].filter((value) => typeof value === 'number'))
    values.delete(newest)
    const at = { runId: series.run_id, step: BigInt(step), atMs: BigInt(last_at_ms?.[index] ?? 0) }
    return [...values, newest].map((value) => ({ ...at, value }))
  })
}

const numberOf = (value: JsonNumber) => Number(value)

function byRunAndStep(a: PointRow, b: PointRow): number {
  if (a.runId !== b.runId) return a.runId < b.runId ? -1 : 1
  return a.step < b.step ? -1 : a.step > b.step ? 1 : 0
}
