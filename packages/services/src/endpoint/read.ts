import type { Endpoint, EndpointSummary, TrafficPoint } from '@modelyard/contracts'
import {
  countLabels,
  type Db,
  type EndpointRow,
  findEndpoint,
  findLastGood,
  listEndpointRows,
  listRolloutHeads,
  listVariants,
  sumTraffic,
} from '@modelyard/db'
import { estimateProportion, refuse } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { latencyQuantile } from './histogram.ts'
import { summariseEndpoints, variantView } from './view.ts'

const QUALITY_MS = 24 * 3_600_000
const POINTS = 180

export async function listEndpoints(ctx: Ctx, input: { project: string }): Promise<EndpointSummary[]> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const endpoints = await listEndpointRows(ctx.db, project.id)
  return summariseEndpoints(ctx.db, { project, endpoints, now: ctx.now() })
}

/** One endpoint with its traffic of the last `windowS` seconds, at most 180 points per variant. */
export async function getEndpoint(
  ctx: Ctx,
  input: { project: string; endpointId: string; windowS: number },
): Promise<Endpoint> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const endpoint = await findEndpoint(ctx.db, { projectId: project.id, endpointId: input.endpointId })
  if (!endpoint) return refuse('not_found', 'there is no such endpoint in this project', { field: 'endpointId' })
  const now = ctx.now()
  const from = new Date(now.getTime() - QUALITY_MS)
  const [[summary], variants, rollouts, labels, lastGood] = await Promise.all([
    summariseEndpoints(ctx.db, { project, endpoints: [endpoint], now }),
    listVariants(ctx.db, [endpoint.id]),
    listRolloutHeads(ctx.db, [endpoint.id]),
    countLabels(ctx.db, { endpointId: endpoint.id, from }),
    rollbackTarget(ctx.db, endpoint),
  ])
  if (!summary) throw new Error(`endpoint ${endpoint.id} was not summarised`)
  const numbers = new Map(variants.map(({ id, number }) => [id, number]))
  const back = variants.find(({ id }) => id === lastGood)
  return {
    ...summary,
    traffic: await trafficOf(ctx.db, { endpointId: endpoint.id, windowS: input.windowS, now, numbers }),
    quality: labels.map(({ variantId, labelled, correct }) => {
      const interval = estimateProportion(correct, labelled)
      return {
        variant: numbers.get(variantId) ?? 0,
        labelled,
        accuracy: interval?.estimate ?? null,
        interval: interval ? [interval.low, interval.high] : null,
      }
    }),
    rollbackTo: back ? variantView(back, endpoint, null) : null,
    rollouts: rollouts.map(({ id, number, state, startedAt }) => ({
      id,
      number,
      state,
      startedAt: startedAt.toISOString(),
    })),
    createdAt: endpoint.createdAt.toISOString(),
  }
}

/** Where "roll back" goes: to stable while a canary serves beside it, else to the last good one before. */
export async function rollbackTarget(db: Db, endpoint: EndpointRow): Promise<string | null> {
  if (endpoint.canaryVariantId !== null) return endpoint.stableVariantId
  return (await findLastGood(db, { endpointId: endpoint.id, exceptId: endpoint.stableVariantId }))?.id ?? null
}

async function trafficOf(
  db: Db,
  args: { endpointId: string; windowS: number; now: Date; numbers: ReadonlyMap<string, number> },
): Promise<TrafficPoint[]> {
  const spanS = Math.max(1, Math.ceil(args.windowS / POINTS))
  const toSecond = Math.floor(args.now.getTime() / 1000)
  // Aligned to whole spans, so that a point keeps its place from one reading to the next.
  const fromSecond = Math.floor((toSecond - args.windowS) / spanS) * spanS
  const rows = await sumTraffic(db, { endpointIds: [args.endpointId], fromSecond, toSecond, spanS })
  return rows.map(({ second, variantId, requests, errors, latency }) => ({
    at: new Date(second * 1000).toISOString(),
    variant: args.numbers.get(variantId) ?? 0,
    requests,
    errors,
    p50Ms: latencyQuantile(latency, 0.5),
    p95Ms: latencyQuantile(latency, 0.95),
    p99Ms: latencyQuantile(latency, 0.99),
  }))
}
