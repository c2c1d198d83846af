import { readCensus } from '@modelyard/services'
import type { Loop } from '../loop.ts'
import type { Wired } from '../wire.ts'

/** Count what there is, for the metrics. */
export const census: Loop<Wired> = {
  name: 'census',
  everyMs: 15_000,
  run: async ({ ctx, metrics }) => {
    const { jobs, runners, rollouts, alerts, guards, accuracies } = await readCensus(ctx)
    metrics.endpointAccuracy.reset()
    for (const gauge of [metrics.jobs, metrics.runners, metrics.rollouts, metrics.alertsOpen, metrics.rolloutEvidence])
      gauge.reset()
    for (const { state, n } of jobs) metrics.jobs.set({ state }, n)
    for (const { state, n } of runners) metrics.runners.set({ state }, n)
    for (const { state, n } of rollouts) metrics.rollouts.set({ state }, n)
    for (const { state, severity, n } of alerts) metrics.alertsOpen.set({ state, severity }, n)
    for (const { ratio, ...labels } of guards) metrics.rolloutEvidence.set(labels, ratio)
    for (const { ratio, ...labels } of accuracies) metrics.endpointAccuracy.set(labels, ratio)
  },
}
