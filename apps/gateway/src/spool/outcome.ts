/** One line of the spool: what happened to one request, and the predictions it was given. */
import { LATENCY_BOUNDS_MS, type PredictionRecord, type TrafficSecond } from '@modelyard/contracts/gateway'

export type OutcomeRow = Pick<PredictionRecord, 'id' | 'features' | 'label' | 'score'>

/** `requests` is 0 for the further parts of a large request, so that it is counted once. Times are Unix milliseconds. */
export type Outcome = {
  endpointId: string
  variantId: string
  modelVersionId: string
  atMs: number
  latencyMs: number
  requests: 0 | 1
  error: boolean
  traceId: string
  rows: OutcomeRow[]
}

/** Adds outcomes up by variant and second, latency by the contract's bounds. */
export function secondsOf(outcomes: readonly Outcome[]): TrafficSecond[] {
  const seconds = new Map<string, TrafficSecond>()
  for (const { endpointId, variantId, atMs, latencyMs, requests, error } of outcomes) {
    if (requests === 0) continue
    const second = Math.floor(atMs / 1000)
    const key = `${variantId} ${second}`
    let entry = seconds.get(key)
    if (!entry) {
      const latency = new Array<number>(LATENCY_BOUNDS_MS.length + 1).fill(0)
      entry = { endpointId, variantId, second, requests: 0, errors: 0, latency }
      seconds.set(key, entry)
    }
    entry.requests += 1
    entry.errors += error ? 1 : 0
    const bound = LATENCY_BOUNDS_MS.findIndex((limit) => latencyMs <= limit)
    const bucket = bound === -1 ? LATENCY_BOUNDS_MS.length : bound
    entry.latency[bucket] = (entry.latency[bucket] ?? 0) + 1
  }
  return [...seconds.values()]
}

/** The predictions of outcomes as the API takes them. */
export function predictionsOf(outcomes: readonly Outcome[]): PredictionRecord[] {
  return outcomes.flatMap(({ endpointId, variantId, modelVersionId, atMs, latencyMs, traceId, rows }) => {
    const at = new Date(atMs).toISOString()
    return rows.map((row) => ({ ...row, endpointId, variantId, modelVersionId, at, latencyMs, traceId }))
  })
}
