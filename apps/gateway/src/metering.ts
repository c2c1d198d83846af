/** From what happened to the metrics of the catalogue. */
import type { IncomingMessage } from 'node:http'
import type { Metrics } from '@modelyard/telemetry'
import type { Gateway } from './gateway.ts'
import type { Reply } from './http/reply.ts'
import { routePattern } from './http/routes.ts'
import type { Seen } from './serving/predict.ts'

const REJECTIONS = new Set([
  'unauthenticated',
  'rate_limited',
  'busy',
  'too_large',
  'invalid',
  'unsupported',
  'not_found',
])
const REFRESH_MS = 1000

export type Metering = {
  predicted: (seen: Seen) => void
  answered: (seen: { request: IncomingMessage; reply: Reply; code: string; durationMs: number }) => void
  inflight: (requests: number) => void
  contact: () => void
  /** Refreshes gauges each second; call what it returns to end that. */
  start: (gateway: Gateway) => () => void
}

function predicted(metrics: Metrics<'gateway'>, { served, variant, code, latencyMs, rows, spans }: Seen): void {
  const { project, name: endpoint } = served.endpoint
  const labels = { project, endpoint, variant: `r${variant.number}` }
  metrics.predictions.inc({ ...labels, code })
  metrics.predictionDuration.observe(labels, latencyMs / 1000)
  if (rows > 0) metrics.predictionRows.inc(labels, rows)
  for (const { runMs, batchRows } of spans) {
    metrics.inferenceDuration.observe({ endpoint, variant: labels.variant }, runMs / 1000)
    metrics.batchRows.observe({ endpoint }, batchRows)
  }
}

type Before = { lostRows: number; refusedRows: number; restarts: Map<string, { crash: number; hang: number }> }

function refresh(metrics: Metrics<'gateway'>, gateway: Gateway, before: Before): void {
  const { spool, shipper, follower, models, table } = gateway
  metrics.gatewayGeneration.set(follower.generation)
  const { bytes, lostRows } = spool.stats()
  metrics.spoolBytes.set(bytes)
  metrics.spoolDropped.inc({ reason: 'full' }, lostRows - before.lostRows)
  metrics.spoolDropped.inc({ reason: 'refused' }, shipper.stats.refusedRows - before.refusedRows)
  before.lostRows = lostRows
  before.refusedRows = shipper.stats.refusedRows
  const states = { ready: 0, starting: 0, quarantined: 0, closed: 0 }
  const restarts: Before['restarts'] = new Map()
  const queued = new Map<string, number>()
  for (const { sha256, pool } of models.pools()) {
    const stats = pool.stats()
    states[stats.state] += stats.pids.length
    const last = before.restarts.get(sha256) ?? { crash: 0, hang: 0 }
    for (const reason of ['crash', 'hang'] as const) {
      metrics.modelRestarts.inc({ reason }, Math.max(0, stats.restarts[reason] - last[reason]))
    }
    restarts.set(sha256, stats.restarts)
    queued.set(sha256, stats.queuedRows)
  }
  before.restarts = restarts
  for (const state of ['ready', 'starting', 'quarantined'] as const)
    metrics.modelProcesses.set({ state }, states[state])
  for (const { name, variants } of table.served()) {
    metrics.inferenceQueue.set(
      { endpoint: name },
      variants.reduce((sum, { sha256 }) => sum + (queued.get(sha256) ?? 0), 0),
    )
  }
}

export function createMetering(metrics: Metrics<'gateway'>): Metering {
  const before: Before = { lostRows: 0, refusedRows: 0, restarts: new Map() }
  return {
    predicted: (seen) => predicted(metrics, seen),
    answered: ({ request, reply, code, durationMs }) => {
      const route = routePattern((request.url ?? '').split('?', 1)[0] ?? '')
      const method = request.method ?? 'GET'
      metrics.httpRequests.inc({ route, method, status: reply.status })
      metrics.httpDuration.observe({ route, method }, durationMs / 1000)
      if (REJECTIONS.has(code)) metrics.gatewayRejections.inc({ reason: code })
    },
    inflight: (requests) => metrics.gatewayInflight.set(requests),
    contact: () => metrics.gatewayContact.set(Date.now() / 1000),
    start: (gateway) => {
      const timer = setInterval(() => refresh(metrics, gateway, before), REFRESH_MS)
      return () => clearInterval(timer)
    },
  }
}
