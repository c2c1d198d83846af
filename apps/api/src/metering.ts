import type { Happened } from '@modelyard/services'
import type { Metrics } from '@modelyard/telemetry'

/** From what commits brought about to the metrics of this process. */
export function countHappened(metrics: Metrics<'api'>, event: Happened): void {
  switch (event.kind) {
    case 'attempt_ended':
      metrics.attemptsEnded.inc({ state: event.state, fail_class: event.failClass ?? 'none' })
      break
    case 'rollout_decided':
      metrics.rolloutDecisions.inc({ kind: event.decision, reason: event.reason })
      break
    case 'records_taken':
      metrics.ingestedRecords.inc({ kind: event.records, outcome: 'stored' }, event.stored)
      metrics.ingestedRecords.inc({ kind: event.records, outcome: 'refused' }, event.refused)
      break
    default:
      break
  }
}
