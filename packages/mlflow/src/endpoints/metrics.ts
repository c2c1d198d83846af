import { hexOfId } from '@modelyard/domain'
import { type PointRow, readMetricHistories, readMetricHistory, sampleMetricHistories } from '@modelyard/services'
import { z } from 'zod'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { double, int64, integer, optional, pageSize, repeated, required, runId, text, withRunId } from '../fields.ts'
import type { JsonText } from '../json.ts'
import { pageTokenOf, writePageToken } from '../page-token.ts'
import { metricsOf } from '../shapes/metric.ts'

const MAX_POINTS = 25_000
const MAX_RUNS = 100
const MAX_SAMPLED = 2_500
const DEFAULT_SAMPLED = 320

const metricKey = required(text(1000))
/** More is asked for at times; a page has no more than this all the same. */
const points = optional(integer(0, 2 ** 31 - 1)).transform((size) => Math.min(size || MAX_POINTS, MAX_POINTS))
const runs = repeated(runId).refine(({ length }) => length >= 1 && length <= MAX_RUNS, `from 1 to ${MAX_RUNS} runs`)

/** Histories of metrics. */
export const metricEndpoints: readonly Endpoint[] = [
  endpoint({
    methods: ['GET'],
    path: '/metrics/get-history',
    input: withRunId(
      z.object({
        run_id: runId,
        metric_key: metricKey,
        max_results: points,
        page_token: pageTokenOf(z.tuple([int64, int64, double])),
      }),
    ),
    handle: async ({ ctx, project, input: { run_id, metric_key: key, max_results: limit, page_token } }) => {
      const [atMs, step, value] = page_token ?? []
      const after = atMs === undefined || step === undefined || value === undefined ? undefined : { atMs, step, value }
      const page = await readMetricHistory(ctx, { project, runId: run_id, key, after, limit })
      const { next } = page
      return {
        metrics: metricsOf(page.points.map((point) => ({ ...point, key }))),
        next_page_token: next ? writePageToken([next.atMs, next.step, next.value]) : undefined,
      }
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/metrics/get-history-bulk',
    input: z.object({ run_id: runs, metric_key: metricKey, max_results: points }),
    handle: async ({ ctx, project, input: { run_id: runIds, metric_key: key, max_results: limit } }) => {
      const found = await readMetricHistories(ctx, { project, runIds, key, limit })
      return { metrics: ofRuns(found, key) ?? [] }
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/metrics/get-history-bulk-interval',
    input: z
      .object({
        run_ids: runs,
        metric_key: metricKey,
        start_step: optional(int64),
        end_step: optional(int64),
        max_results: pageSize({ fallback: DEFAULT_SAMPLED, max: MAX_SAMPLED }),
      })
      .refine(({ start_step: from, end_step: to }) => (from === undefined) === (to === undefined), {
        path: ['end_step'],
        message: 'start_step and end_step come together',
      })
      .refine(({ start_step: from, end_step: to }) => from === undefined || to === undefined || from <= to, {
        path: ['end_step'],
        message: 'must not be before start_step',
      }),
    handle: async ({ ctx, project, input: { run_ids: runIds, metric_key: key, max_results: limit, ...range } }) => {
      const of = { project, runIds, key, limit, fromStep: range.start_step, toStep: range.end_step }
      const found = await sampleMetricHistories(ctx, of)
      return { metrics: ofRuns(found, key) }
    },
  }),
]

/** A hundred runs share ten thousands of points: each id is written in hexadecimal once. */
function ofRuns(points: readonly PointRow[], key: string): JsonText | undefined {
  const hexes = new Map([...new Set(points.map(({ runId }) => runId))].map((id) => [id, hexOfId(id)]))
  return metricsOf(points.map((point) => ({ ...point, key, run_id: hexes.get(point.runId) })))
}
