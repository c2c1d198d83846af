import { sql } from 'drizzle-orm'
import { bigint, customType, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { actor, at, projectId } from './columns.ts'
import { runner } from './runner.ts'

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

export const job = pgTable(
  'job',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    runId: text('run_id').notNull(),
    datasetVersionId: text('dataset_version_id').notNull(),
    name: text('name').notNull(),
    recipe: text('recipe').notNull(),
    params: jsonb('params').$type<Record<string, string | number | boolean>>().notNull(),
    seed: integer('seed').notNull(),
    model: text('model').notNull(),
    codeCommit: text('code_commit').notNull(),
    state: text('state').$type<'queued' | 'active' | 'succeeded' | 'failed' | 'canceled'>().notNull(),
    priority: integer('priority').notNull(),
    labels: text('labels').array().notNull(),
    gpus: integer('gpus').notNull(),
    gpuMemoryMb: integer('gpu_memory_mb').notNull(),
    attemptNo: integer('attempt_no').notNull().default(0),
    maxAttempts: integer('max_attempts').notNull(),
    infraRestarts: integer('infra_restarts').notNull().default(0),
    maxInfraRestarts: integer('max_infra_restarts').notNull().default(20),
    timeoutS: integer('timeout_s').notNull(),
    fenceAfterS: integer('fence_after_s').notNull(),
    availableAt: at('available_at').notNull(),
    cancelRequestedAt: at('cancel_requested_at'),
    whyWaiting: jsonb('why_waiting').$type<{ code: string; message: string; numbers: Record<string, number> }>(),
    traceparent: text('traceparent'),
    modelVersionId: text('model_version_id'),
    createdBy: actor('created_by'),
    createdAt: at('created_at').notNull(),
    endedAt: at('ended_at'),
  },
  (t) => [
    index('job_queued').on(t.projectId, t.priority.desc(), t.id).where(sql`state = 'queued'`),
    index('job_project').on(t.projectId, t.id),
    uniqueIndex('job_run').on(t.runId),
  ],
)

export const attempt = pgTable(
  'attempt',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    jobId: text('job_id')
      .notNull()
      .references(() => job.id),
    number: integer('number').notNull(),
    rank: integer('rank').notNull().default(0),
    runnerId: text('runner_id')
      .notNull()
      .references(() => runner.id),
    fence: bigint('fence', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    state: text('state')
      .$type<
        | 'offered'
        | 'running'
        | 'suspect'
        | 'stopping'
        | 'succeeded'
        | 'failed'
        | 'canceled'
        | 'preempted'
        | 'lost'
        | 'rejected'
      >()
      .notNull(),
    stopReason: text('stop_reason').$type<'cancel' | 'preempt' | 'timeout' | 'drain'>(),
    failClass: text('fail_class').$type<'user' | 'infra' | 'oom' | 'timeout' | 'lost' | 'preempt'>(),
    exitCode: integer('exit_code'),
    reason: text('reason'),
    logBytes: bigint('log_bytes', { mode: 'number' }).notNull().default(0),
    nextMetricSeq: integer('next_metric_seq').notNull().default(0),
    offeredAt: at('offered_at').notNull(),
    startedAt: at('started_at'),
    leaseUntil: at('lease_until'),
    fenceUntil: at('fence_until'),
    endedAt: at('ended_at'),
    /** Of the token with which its training process logs over MLflow's protocol; dies with the attempt. */
    tokenSha256: text('token_sha256'),
  },
  (t) => [
    uniqueIndex('attempt_token').on(t.tokenSha256),
    uniqueIndex('attempt_live').on(t.jobId, t.rank).where(sql`ended_at is null`),
    index('attempt_job').on(t.jobId),
    index('attempt_lease').on(t.leaseUntil).where(sql`ended_at is null`),
    index('attempt_runner').on(t.runnerId).where(sql`ended_at is null`),
  ],
)

export const logChunk = pgTable(
  'log_chunk',
  {
    attemptId: text('attempt_id')
      .notNull()
      .references(() => attempt.id),
    offset: bigint('offset', { mode: 'number' }).notNull(),
    bytes: bytea('bytes').notNull(),
  },
  (t) => [primaryKey({ columns: [t.attemptId, t.offset] })],
)
