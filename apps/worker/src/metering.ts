import type { Happened } from '@modelyard/services'
import type { Metrics } from '@modelyard/telemetry'

/** From what commits brought about to the metrics of this process. */
export function countHappened(metrics: Metrics<'worker'>, event: Happened): void {
  switch (event.kind) {
    case 'job_placed':
      metrics.jobWait.observe(event.waitedMs / 1000)
      break
    case 'attempt_ended':
      metrics.attemptsEnded.inc({ state: event.state, fail_class: event.failClass ?? 'none' })
      break
    case 'rollout_decided':
      metrics.rolloutDecisions.inc({ kind: event.decision, reason: event.reason })
      break
    case 'drift_judged': {
      const { project, endpoint } = event
      metrics.driftReports.inc({ verdict: event.verdict })
      metrics.endpointDrift.set({ project, endpoint, severity: 'warning' }, event.warned)
      metrics.endpointDrift.set({ project, endpoint, severity: 'critical' }, event.critical)
      break
    }
    case 'alert_sent':
      metrics.alertDeliveries.inc({ channel_kind: event.channelKind, outcome: event.outcome })
      break
    case 'blobs_collected':
      metrics.blobsCollected.inc(event.blobs)
      metrics.blobBytesCollected.inc(event.bytes)
      break
    case 'webhook_sent':
      metrics.webhookDeliveries.inc({ format: event.format, outcome: event.outcome })
      break
    case 'records_taken':
      break
  }
}
