/** What a metric is, and which processes there are. */

export const PROCESSES = ['api', 'console', 'worker', 'gateway', 'runner'] as const
export type ProcessName = (typeof PROCESSES)[number]

type Common = {
  name: `modelyard_${string}`
  help: string
  labels: readonly string[]
  processes: readonly ProcessName[]
}
export type MetricSpec = Common & ({ kind: 'counter' | 'gauge' } | { kind: 'histogram'; buckets: readonly number[] })

/** From one millisecond to ten seconds; the KPI edges of 50, 100, 250 ms are bucket edges. */
export const LATENCY_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const
/** From a second to a day, for work that waits in a queue. */
export const WAIT_S = [1, 2, 5, 10, 30, 60, 300, 900, 3600, 21_600, 86_400] as const
