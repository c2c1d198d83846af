/** What becomes of a job when one of its attempts ends: the only place that knows about retries and restarts. */
import type { AttemptState, FailureClass, JobState, StopReason } from './state.ts'

/** How the training process ended, as its supervisor saw it. `signal` is set instead of a code when it was killed. */
export type ExitReport = {
  exitCode: number | null
  signal?: string | null
  stopReason?: StopReason | null
  outOfMemory?: boolean
}

/** The end of an attempt. `requeue` is exit code 75: checkpointed, please start me again. */
export type AttemptEnd =
  | { kind: 'succeeded' }
  | { kind: 'failed'; failClass: FailureClass; message: string }
  | { kind: 'canceled' }
  | { kind: 'requeue' }
  | { kind: 'lost' }
  | { kind: 'rejected'; message: string }

/** The job's counters before this end. `failures` counts ends that spend attempts. */
export type JobCounters = {
  failures: number
  maxAttempts: number
  infraRestarts: number
  maxInfraRestarts: number
  cancelRequested: boolean
}

/** What to write: the attempt's last state, the job's next state and how long it must wait before it is offered again. */
export type Ending = {
  attempt: AttemptState
  job: JobState
  failClass: FailureClass | null
  availableInMs: number
  failures: number
  infraRestarts: number
  reason: string
}

/** EX_TEMPFAIL of sysexits.h: the process saved a checkpoint and asks to be started again. */
export const EXIT_REQUEUE = 75
const MAX_BACKOFF_MS = 300_000
const MAX_INFRA_BACKOFF_MS = 60_000
const REJECT_DELAY_MS = 1_000

/** Wait before try number `failures + 1`: 2^n seconds, at most five minutes. */
export function retryDelayMs(failures: number): number {
  return Math.min(MAX_BACKOFF_MS, 1000 * 2 ** Math.min(20, Math.max(0, failures)))
}

/** Turn a process's exit into the end of its attempt. A stop that was asked for explains a non-zero exit. */
export function classifyExit(exit: ExitReport): AttemptEnd {
  if (exit.exitCode === 0) return { kind: 'succeeded' }
  if (exit.stopReason === 'cancel') return { kind: 'canceled' }
  if (exit.exitCode === EXIT_REQUEUE) return { kind: 'requeue' }
  if (exit.stopReason === 'timeout') return { kind: 'failed', failClass: 'timeout', message: 'ran past its time limit' }
  if (exit.stopReason === 'preempt' || exit.stopReason === 'drain') {
    return { kind: 'failed', failClass: 'preempt', message: 'stopped to make room' }
  }
  if (exit.outOfMemory === true || exit.signal === 'SIGKILL' || exit.exitCode === 137) {
    return { kind: 'failed', failClass: 'oom', message: 'killed, most likely for want of memory' }
  }
  const how = exit.signal ? `ended by ${exit.signal}` : `ended with exit code ${exit.exitCode}`
  return { kind: 'failed', failClass: 'user', message: how }
}

/** Decide what an attempt's end means for its job. Pure: the caller writes all of it in one statement. */
export function decideEnding(job: JobCounters, end: AttemptEnd): Ending {
  const same = { failures: job.failures, infraRestarts: job.infraRestarts, availableInMs: 0 }
  if (end.kind === 'succeeded') {
    return { ...same, attempt: 'succeeded', job: 'succeeded', failClass: null, reason: 'finished' }
  }
  if (end.kind === 'canceled' || job.cancelRequested) {
    const attempt = end.kind === 'lost' ? 'lost' : end.kind === 'rejected' ? 'rejected' : 'canceled'
    return { ...same, attempt, job: 'canceled', failClass: null, reason: 'canceled on request' }
  }
  if (end.kind === 'rejected') {
    return {
      ...same,
      attempt: 'rejected',
      job: 'queued',
      failClass: null,
      availableInMs: REJECT_DELAY_MS,
      reason: `runner declined: ${end.message}`,
    }
  }
  if (end.kind === 'requeue')
    return restart(job, 'preempted', { failClass: 'preempt', reason: 'checkpointed and asked to go on' })
  if (end.kind === 'lost') return restart(job, 'lost', { failClass: 'lost', reason: 'the runner was lost' })
  if (end.failClass === 'infra') return restart(job, 'failed', { failClass: 'infra', reason: end.message })
  if (end.failClass === 'lost') return restart(job, 'lost', { failClass: 'lost', reason: end.message })
  if (end.failClass === 'preempt') return restart(job, 'preempted', { failClass: 'preempt', reason: end.message })
  return retry(job, end)
}

/** Not the job's fault: it goes back at no cost in attempts, a bounded number of times. */
function restart(job: JobCounters, attempt: AttemptState, why: { failClass: FailureClass; reason: string }): Ending {
  const infraRestarts = job.infraRestarts + 1
  const base = { attempt, failClass: why.failClass, failures: job.failures, infraRestarts }
  if (infraRestarts > job.maxInfraRestarts) {
    return {
      ...base,
      job: 'failed',
      availableInMs: 0,
      reason: `${why.reason}; restarted ${job.infraRestarts} times, the limit`,
    }
  }
  const backoffMs = Math.min(MAX_INFRA_BACKOFF_MS, retryDelayMs(job.infraRestarts))
  return { ...base, job: 'queued', availableInMs: why.failClass === 'infra' ? backoffMs : 0, reason: why.reason }
}

function retry(job: JobCounters, end: { failClass: FailureClass; message: string }): Ending {
  const failures = job.failures + 1
  const base = { attempt: 'failed' as const, failClass: end.failClass, failures, infraRestarts: job.infraRestarts }
  if (failures >= job.maxAttempts) return { ...base, job: 'failed', availableInMs: 0, reason: end.message }
  return { ...base, job: 'queued', availableInMs: retryDelayMs(failures), reason: end.message }
}
