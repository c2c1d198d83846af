import type { AttemptState, FailClass } from '@modelyard/domain'

/** What a commit brought about, told after it, for the metrics and traces of the process. No verb needs an answer. */
export type Happened =
  | {
      kind: 'job_placed'
      jobId: string
      attemptId: string
      runnerId: string
      /** Since the job was ready to run. */
      waitedMs: number
      /** The trace in which the job was submitted. */
      traceparent: string | null
    }
  | {
      kind: 'attempt_ended'
      jobId: string
      attemptId: string
      state: AttemptState
      failClass: FailClass | null
      traceparent: string | null
    }
  | { kind: 'rollout_decided'; rolloutId: string; endpointId: string; decision: string; reason: string }
  | {
      kind: 'drift_judged'
      reportId: string
      project: string
      endpoint: string
      verdict: string
      /** Features by verdict. */
      warned: number
      critical: number
    }
  | {
      kind: 'alert_sent'
      alertId: string
      deliveryId: string
      channelKind: string
      outcome: 'delivered' | 'retry' | 'given_up'
    }
  | { kind: 'blobs_collected'; blobs: number; bytes: number }
  | {
      kind: 'webhook_sent'
      webhookId: string
      deliveryId: string
      format: string
      outcome: 'delivered' | 'retry' | 'given_up'
    }
  | { kind: 'records_taken'; records: 'predictions' | 'seconds' | 'feedback'; stored: number; refused: number }
