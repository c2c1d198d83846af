import type { EndpointSummary, Variant } from '@modelyard/contracts'
import {
  type Db,
  type DeployedVariant,
  type EndpointRow,
  lastChanges,
  lastSamples,
  listGateways,
  listRolloutHeads,
  listVariants,
  sumTraffic,
  type TrafficRow,
  watchOf,
  weightsOf,
} from '@modelyard/db'
import type { Project } from '../access.ts'
import { judgeHealth } from './health.ts'
import { addHistograms, emptyHistogram, latencyQuantile } from './histogram.ts'

/** A gateway that has not reported for so long serves nobody we know of. */
export const GATEWAY_LIVE_MS = 15_000
const RECENT_S = 60

type Gateways = Awaited<ReturnType<typeof listGateways>>
export type GatewayView = EndpointSummary['gateways'][number]

/** Gateways that ever served an endpoint, or are alive and will. */
export function gatewaysOf(gateways: Gateways, endpointId: string, now: Date): GatewayView[] {
  return gateways.flatMap(({ id, name, observed, lastSeenAt }) => {
    if (lastSeenAt === null) return []
    const live = now.getTime() - lastSeenAt.getTime() <= GATEWAY_LIVE_MS
    const observedGeneration = observed[endpointId]
    if (!live && observedGeneration === undefined) return []
    return [{ id, name, observedGeneration: observedGeneration ?? 0, lastSeenAt: lastSeenAt.toISOString(), live }]
  })
}

/** Whether every live gateway, and at least one, serves this generation. */
export function isRouted(gateways: readonly GatewayView[], generation: number): boolean {
  const live = gateways.filter((gateway) => gateway.live)
  return live.length > 0 && live.every(({ observedGeneration }) => observedGeneration >= generation)
}

export function variantView(row: DeployedVariant, endpoint: EndpointRow, observedBps: number | null): Variant {
  const isStable = row.id === endpoint.stableVariantId
  const isCanary = row.id === endpoint.canaryVariantId
  return {
    id: row.id,
    number: row.number,
    modelVersionId: row.modelVersionId,
    model: row.model,
    modelVersion: row.modelVersion,
    role: isStable ? 'stable' : isCanary ? 'canary' : 'retired',
    weightBps: weightsOf(endpoint).find(({ variantId }) => variantId === row.id)?.weightBps ?? 0,
    observedBps,
    createdAt: row.createdAt.toISOString(),
  }
}

/** Everything that lists of endpoints show, in one round of queries for all of them. */
export async function summariseEndpoints(
  db: Db,
  args: { project: Project; endpoints: EndpointRow[]; now: Date },
): Promise<EndpointSummary[]> {
  const ids = args.endpoints.map(({ id }) => id)
  const nowSecond = Math.floor(args.now.getTime() / 1000)
  const span = { fromSecond: nowSecond - RECENT_S, toSecond: nowSecond + 1, spanS: RECENT_S + 1 }
  // One after the other: inside a transaction there is one connection only.
  const variants = await listVariants(db, ids)
  const traffic = await sumTraffic(db, { endpointIds: ids, ...span })
  const samples = await lastSamples(db, ids)
  const gateways = await listGateways(db)
  const rollouts = await listRolloutHeads(db, ids)
  const watch = await watchOf(db, ids)
  const changes = await lastChanges(db, { projectId: args.project.id, targetIds: ids })
  return args.endpoints.map((endpoint) => {
    const { id } = endpoint
    const change = changes.find(({ targetId }) => targetId === id)
    const seen = gatewaysOf(gateways, id, args.now)
    const { firing = 0, critical = 0, drifted = null } = watch.get(id) ?? {}
    const recent = recentOf(traffic.filter((row) => row.endpointId === id))
    const lastSample = samples.get(id)
    return {
      id,
      name: endpoint.name,
      health: judgeHealth({ ...recent, criticalAlerts: critical, kpis: args.project.kpis as never }),
      generation: endpoint.generation,
      observed: isRouted(seen, endpoint.generation),
      gateways: seen,
      variants: variants
        .filter((row) => row.endpointId === id)
        .map((row) => variantView(row, endpoint, recent.shareOf(row.id))),
      activeRolloutId:
        rollouts.find((row) => row.endpointId === id && (row.state === 'progressing' || row.state === 'paused'))?.id ??
        null,
      pinned: endpoint.pinnedAt !== null,
      requestsPerSecond: recent.requests / RECENT_S,
      errorRatio: recent.requests === 0 ? null : recent.errors / recent.requests,
      p95Ms: recent.p95Ms,
      driftedFeatures: drifted,
      firingAlerts: firing,
      lastSampleAt: lastSample === undefined ? null : new Date(lastSample * 1000).toISOString(),
      lastChange: change ? { at: change.at.toISOString(), action: change.action, actor: change.actor } : null,
    }
  })
}

function recentOf(rows: readonly TrafficRow[]) {
  const requests = rows.reduce((sum, row) => sum + row.requests, 0)
  const latency = rows.reduce<readonly number[]>((sum, row) => addHistograms(sum, row.latency), emptyHistogram())
  const shareOf = (variantId: string) => {
    if (requests === 0) return null
    const own = rows.find((row) => row.variantId === variantId)?.requests ?? 0
    return Math.round((10_000 * own) / requests)
  }
  const errors = rows.reduce((sum, row) => sum + row.errors, 0)
  return { requests, errors, p95Ms: latencyQuantile(latency, 0.95), shareOf }
}
