import { findRun, type JsonNumber, readSeriesColumns, type SeriesColumns } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'

/** A chart has no more columns than this to draw. */
const BUCKETS = 1000
const MAX_SERIES = 200
const MAX_COMPARED_SERIES = 1000

/**
 * A metric of a run in at most 1000 buckets of equal ranges of steps; the columns are of one length. Each bucket keeps
 * the extremes, the sum and the number of its finite values (null and 0 where there are none) and its newest value,
 * which is null where it is not finite.
 */
export type Series = {
  runId: string
  key: string
  /** Of the whole metric, whatever range was asked for. */
  points: number
  /** The highest step in each bucket. */
  steps: number[]
  min: (number | null)[]
  max: (number | null)[]
  sum: number[]
  finite: number[]
  /** All points, finite or not. */
  count: number[]
  last: (number | null)[]
  /** When that was logged, in milliseconds since 1970. */
  atMs: number[]
}

export type SeriesRange = {
  /** All metrics of the run where absent. */
  keys?: readonly string[]
  /** Both ends are in the range; it may be widened by less than a bucket. */
  fromStep?: number
  toStep?: number
}

/**
 * Metric series of a run, all or the named ones, over all its steps or a range of them; 200 at most.
 * @throws Refusal `not_found` when the project holds no such run
 */
export async function readSeries(ctx: Ctx, input: SeriesRange & { project: string; runId: string }): Promise<Series[]> {
  const { runId } = input
  const series = await readSeriesOfRuns(ctx, { ...input, runIds: [runId] })
  if (series.length > 0) return series
  const { project } = await inProject(ctx, input.project, 'project.read')
  const found = await findRun(ctx.db, { projectId: project.id, id: runId })
  return found ? [] : refuse('not_found', `there is no run ${runId} in ${input.project}`, { field: 'runId' })
}

/** The same of several runs in one go, ordered by run and key; 1000 at most. A run that is not there has none. */
export async function readSeriesOfRuns(
  ctx: Ctx,
  input: SeriesRange & { project: string; runIds: readonly string[] },
): Promise<Series[]> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const { runIds, keys, fromStep, toStep } = input
  const columns = await readSeriesColumns(ctx.db, {
    projectId: project.id,
    runIds,
    keys,
    fromStep: stepOf(fromStep, 'fromStep'),
    toStep: stepOf(toStep, 'toStep'),
    buckets: BUCKETS,
    limit: runIds.length === 1 ? MAX_SERIES : MAX_COMPARED_SERIES,
  })
  return columns.map(seriesOf)
}

function stepOf(step: number | undefined, field: string): bigint | undefined {
  if (step === undefined) return undefined
  return Number.isSafeInteger(step) ? BigInt(step) : refuse('invalid', 'a step is a whole number', { field })
}

function seriesOf(row: SeriesColumns): Series {
  return {
    runId: row.run_id,
    key: row.key,
    points: row.points,
    steps: (row.steps ?? []).map(Number),
    min: row.min ?? [],
    max: row.max ?? [],
    sum: row.sum ?? [],
    finite: row.finite ?? [],
    count: row.count ?? [],
    last: (row.last ?? []).map(finiteOf),
    atMs: (row.last_at_ms ?? []).map(Number),
  }
}

const finiteOf = (value: JsonNumber): number | null => (typeof value === 'number' ? value : null)
