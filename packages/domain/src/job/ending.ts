/** What becomes of a job when one of its attempts ends: the only place that knows about retries and restarts. */
import type { AttemptState, FailClass, JobState, StopReason } from './state.ts'

/** How the training process ended, as its supervisor saw it. `signal` is set instead of a code when it was killed. */
export type ExitReport = {
  exitCode: number | null
  signal?: string | null
  stopReason?: StopReason | 'fenced' | null
  outOfMemory?: boolean
}

/** The end of an attempt. `preempted`: it gave way, or exited with 75 (checkpointed, please start me again). */
export type AttemptEnd =
  | { kind: 'succeeded' }
  | { kind: 'failed'; failClass: FailClass; message: string }
  | { kind: 'canceled' }
  | { kind: 'preempted' }
  | { kind: 'lost' }
  | { kind: 'rejected'; message: string }

/**
 * The job's counters before this end. `attemptNo` counts every offer including the one that ends now, `infraRestarts`
 * those ends that were not the job's fault, so their difference is what the job has spent of `maxAttempts`.
 */
export type JobCounters = {
  attemptNo: number
  maxAttempts: number
  infraRestarts: number
  maxInfraRestarts: number
  cancelRequested: boolean
}

/** What to write: the attempt's last state, the job's next state and how long it waits before it is offered again. */
export type Ending = {
  attempt: AttemptState
  job: JobState
  failClass: FailClass | null
  availableInMs: number
  infraRestarts: number
  reason: string
}

/** EX_TEMPFAIL of sysexits.h: the process saved a checkpoint and asks to be started again. */
export const EXIT_REQUEUE = 75
const MAX_BACKOFF_MS = 300_000
const MAX_INFRA_BACKOFF_MS = 60_000
const REJECT_DELAY_MS = 1_000

/** Wait after the n-th failure: 2^n seconds, at most five minutes. */
export function retryDelayMs(failures: number): number {
  return Math.min(MAX_BACKOFF_MS, 1000 * 2 ** Math.min(20, Math.max(0, failures)))
}

/** Turn a process's exit into the end of its attempt. A stop that was asked for explains a non-zero exit. */
export function classifyExit(exit: ExitReport): AttemptEnd {
  if (exit.exitCode === 0) return { kind: 'succeeded' }
  if (exit.stopReason === 'cancel') return { kind: 'canceled' }
  if (exit.exitCode === EXIT_REQUEUE) return { kind: 'preempted' }
  if (exit.stopReason === 'timeout') return { kind: 'failed', failClass: 'timeout', message: 'ran past its time limit' }
  if (exit.stopReason === 'fenced') return { kind: 'lost' }
  if (exit.stopReason === 'preempt' || exit.stopReason === 'drain') return { kind: 'preempted' }
  if (exit.outOfMemory === true || exit.signal === 'SIGKILL' || exit.exitCode === 137) {
    return { kind: 'failed', failClass: 'oom', message: 'killed, most likely for want of memory' }
  }
  const how = exit.signal ? `ended by ${exit.signal}` : `ended with exit code ${exit.exitCode}`
  return { kind: 'failed', failClass: 'user', message: how }
}

/** Decide what an attempt's end means for its job. Pure: the caller writes all of it in one statement. */
export function decideEnding(job: JobCounters, end: AttemptEnd): Ending {
  const same = { infraRestarts: job.infraRestarts, availableInMs: 0, failClass: null }
  if (end.kind === 'succeeded') return { ...same, attempt: 'succeeded', job: 'succeeded', reason: 'finished' }
  if (end.kind === 'canceled' || job.cancelRequested) {
    const attempt = end.kind === 'lost' || end.kind === 'rejected' ? end.kind : 'canceled'
    return { ...same, attempt, job: 'canceled', reason: 'canceled on request' }
  }
  switch (end.kind) {
    case 'rejected': {
      const infraRestarts = job.infraRestarts + 1
      const reason = `the runner declined: ${end.message}`
      return { ...same, infraRestarts, availableInMs: REJECT_DELAY_MS, attempt: 'rejected', job: 'queued', reason }
    }
    case 'preempted':
      return restart(job, 'preempt', 'gave way and goes on from its checkpoint')
    case 'lost':
      return restart(job, 'lost', 'the runner was lost')
    case 'failed':
      return isOurs(end.failClass) ? restart(job, end.failClass, end.message) : retry(job, end.failClass, end.message)
  }
}

type OurFault = 'infra' | 'lost' | 'preempt'

function isOurs(failClass: FailClass): failClass is OurFault {
  return failClass === 'infra' || failClass === 'lost' || failClass === 'preempt'
}

const RESTARTED: Readonly<Record<OurFault, AttemptState>> = { infra: 'failed', lost: 'lost', preempt: 'preempted' }

/** Not the job's fault: it goes back at no cost in attempts, a bounded number of times. */
function restart(job: JobCounters, failClass: OurFault, reason: string): Ending {
  const infraRestarts = job.infraRestarts + 1
  const base = { attempt: RESTARTED[failClass], failClass, infraRestarts }
  if (infraRestarts > job.maxInfraRestarts) {
    const limit = `${reason}; restarted ${job.infraRestarts} times, the limit`
    return { ...base, job: 'failed', availableInMs: 0, reason: limit }
  }
  const backoffMs = Math.min(MAX_INFRA_BACKOFF_MS, retryDelayMs(job.infraRestarts))
  return { ...base, job: 'queued', availableInMs: failClass === 'infra' ? backoffMs : 0, reason }
}

function retry(job: JobCounters, failClass: FailClass, reason: string): Ending {
  const failures = job.attemptNo - job.infraRestarts
  const base = { attempt: 'failed' as const, failClass, infraRestarts: job.infraRestarts, reason }
  if (failures >= job.maxAttempts) return { ...base, job: 'failed', availableInMs: 0 }
  return { ...base, job: 'queued', availableInMs: retryDelayMs(failures) }
}
