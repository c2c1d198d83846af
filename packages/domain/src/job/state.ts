/** States of jobs and attempts and the arrows between them; every arrow is one guarded statement in the database. */
import { refuse } from '../refusal.ts'

export const JOB_STATES = ['queued', 'active', 'succeeded', 'failed', 'canceled'] as const
export type JobState = (typeof JOB_STATES)[number]

export const ATTEMPT_STATES = [
  'offered',
  'running',
  'suspect',
  'stopping',
  'succeeded',
  'failed',
  'canceled',
  'preempted',
  'lost',
  'rejected',
] as const
export type AttemptState = (typeof ATTEMPT_STATES)[number]

/** Why the control plane asked an attempt to stop; the first reason given stays. */
export const STOP_REASONS = ['cancel', 'preempt', 'timeout', 'drain'] as const
export type StopReason = (typeof STOP_REASONS)[number]

/** Whose fault an end is: `user`, `oom` and `timeout` spend the job's attempts, the others do not. */
export const FAIL_CLASSES = ['user', 'infra', 'oom', 'timeout', 'lost', 'preempt'] as const
export type FailClass = (typeof FAIL_CLASSES)[number]

/** Where a job may go from each state. `active -> queued` is a retry or a restart. */
export const JOB_TRANSITIONS: Readonly<Record<JobState, readonly JobState[]>> = {
  queued: ['active', 'canceled', 'failed'],
  active: ['queued', 'succeeded', 'failed', 'canceled'],
  succeeded: [],
  failed: [],
  canceled: [],
}

/** Where an attempt may go from each state. An ended attempt never moves again. */
export const ATTEMPT_TRANSITIONS: Readonly<Record<AttemptState, readonly AttemptState[]>> = {
  offered: ['running', 'rejected', 'lost', 'canceled'],
  running: ['suspect', 'stopping', 'succeeded', 'failed', 'canceled', 'preempted', 'lost'],
  suspect: ['running', 'stopping', 'succeeded', 'failed', 'canceled', 'preempted', 'lost'],
  stopping: ['suspect', 'succeeded', 'failed', 'canceled', 'preempted', 'lost'],
  succeeded: [],
  failed: [],
  canceled: [],
  preempted: [],
  lost: [],
  rejected: [],
}

export const isJobOver = (state: JobState): boolean => JOB_TRANSITIONS[state].length === 0
export const isAttemptOver = (state: AttemptState): boolean => ATTEMPT_TRANSITIONS[state].length === 0
export const canMoveJob = (from: JobState, to: JobState): boolean => JOB_TRANSITIONS[from].includes(to)
export const canMoveAttempt = (from: AttemptState, to: AttemptState): boolean => ATTEMPT_TRANSITIONS[from].includes(to)

/** @throws Refusal `conflict` naming both states when the job may not go there. */
export function requireJobMove(from: JobState, to: JobState): void {
  if (canMoveJob(from, to)) return
  refuse('conflict', `a ${from} job cannot become ${to}`, { field: 'state', details: { from, to } })
}
