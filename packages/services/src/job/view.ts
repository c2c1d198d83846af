import type { Attempt, Job, JobSummary } from '@modelyard/contracts'
import type { AttemptRow, JobRow } from '@modelyard/db'
import type { z } from 'zod'

type AttemptView = z.output<typeof Attempt>
type AttemptOfRunner = { attempt: AttemptRow; runnerName: string }

const iso = (at: Date | null) => at?.toISOString() ?? null

export function attemptView({ attempt, runnerName }: AttemptOfRunner): AttemptView {
  return {
    id: attempt.id,
    number: attempt.number,
    state: attempt.state,
    runner: { id: attempt.runnerId, name: runnerName },
    failClass: attempt.failClass,
    exitCode: attempt.exitCode,
    reason: attempt.reason,
    logBytes: attempt.logBytes,
    offeredAt: attempt.offeredAt.toISOString(),
    startedAt: iso(attempt.startedAt),
    endedAt: iso(attempt.endedAt),
    leaseUntil: iso(attempt.leaseUntil),
  }
}

export function jobSummary(row: JobRow): z.output<typeof JobSummary> {
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    recipe: row.recipe,
    runId: row.runId,
    priority: row.priority,
    whyWaiting: row.state === 'queued' ? row.whyWaiting : null,
    attempts: row.attemptNo,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    endedAt: iso(row.endedAt),
  }
}

export function jobView(row: JobRow, attempts: AttemptOfRunner[]): Job {
  return {
    ...jobSummary(row),
    datasetVersionId: row.datasetVersionId,
    params: row.params,
    seed: row.seed,
    model: row.model,
    labels: row.labels,
    gpus: row.gpus,
    maxAttempts: row.maxAttempts,
    cancelRequestedAt: iso(row.cancelRequestedAt),
    attemptList: attempts.map(attemptView),
    modelVersionId: row.modelVersionId,
  }
}
