import type { ChartSeries, CompareSeries, ReadCharts } from '@modelyard/contracts'
import type { z } from 'zod'
import type { Ctx } from '../context.ts'
import { readSeries, readSeriesOfRuns, type Series } from '../run/series.ts'
import { runsNamed } from './compare.ts'

/** Curves of a run as charts draw them: at most 1000 buckets each, every extreme kept. */
export async function readCharts(ctx: Ctx, input: z.output<typeof ReadCharts>): Promise<ChartSeries[]> {
  return (await readSeries(ctx, input)).map(chartOf)
}

/** One metric's curve of each of the named runs that has it. */
export async function compareCharts(ctx: Ctx, input: z.output<typeof CompareSeries>): Promise<ChartSeries[]> {
  const { key, ...asked } = input
  await runsNamed(ctx, asked)
  return (await readSeriesOfRuns(ctx, { ...asked, keys: [key] })).map(chartOf)
}

function chartOf({ count, finite, sum: _sum, ...series }: Series): ChartSeries {
  const nonFinite = count.reduce((others, all, index) => others + all - (finite[index] ?? 0), 0)
  return { ...series, nonFinite }
}
