import type { EndpointSummary } from '@modelyard/contracts'
import type { Kpi } from '@modelyard/domain'

export type HealthFacts = {
  requests: number
  errors: number
  p95Ms: number | null
  criticalAlerts: number
  kpis: readonly Kpi[]
}

/** Below this many requests a ratio says nothing yet. */
const FEW_REQUESTS = 20
const DEFAULT_ERROR_RATIO = 0.01

/** How an endpoint did in the last minute, against the project's own KPIs where it has them. */
export function judgeHealth(facts: HealthFacts): EndpointSummary['health'] {
  if (facts.requests === 0) return facts.criticalAlerts > 0 ? 'degraded' : 'idle'
  if (facts.errors === facts.requests && facts.requests >= 5) return 'down'
  return facts.criticalAlerts > 0 || missesTarget(facts) ? 'degraded' : 'healthy'
}

function missesTarget({ requests, errors, p95Ms, kpis }: HealthFacts): boolean {
  if (requests < FEW_REQUESTS) return false
  const limit = (metric: Kpi['metric']) => kpis.find((kpi) => kpi.metric === metric && kpi.op === '<=')?.target
  const isSlow = p95Ms !== null && p95Ms > (limit('p95_latency_ms') ?? Infinity)
  return isSlow || errors / requests > (limit('error_ratio') ?? DEFAULT_ERROR_RATIO)
}
