import { z } from 'zod'
import { ActorRef, DisplayName, IdempotencyKey, INT4_MAX, IsoTime, idOf, Slug, Text } from './common.ts'

export const JobState = z.enum(['queued', 'active', 'succeeded', 'failed', 'canceled'])
export const AttemptState = z.enum([
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
])
export const FailClass = z.enum(['user', 'infra', 'oom', 'timeout', 'lost', 'preempt'])

/** Numbers, texts and flags a recipe reads; validated again by the recipe. */
export const RecipeParams = z.record(Text.max(100), z.union([z.number(), Text.max(1000), z.boolean()]))

export const SubmitJob = z.object({
  project: Slug,
  name: DisplayName,
  recipe: Slug,
  datasetVersionId: idOf('dsv'),
  params: RecipeParams.default({}),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
  /** Where the result is registered when the recipe succeeds. */
  model: Slug,
  experiment: Slug.default('default'),
  codeCommit: Text.max(64).default(''),
  priority: z.number().int().min(-10).max(10).default(0),
  labels: z.array(Slug).max(20).default([]),
  gpus: z.number().int().min(0).max(64).default(0),
  gpuMemoryMb: z.number().int().min(0).max(INT4_MAX).default(0),
  maxAttempts: z.number().int().min(1).max(10).default(3),
  timeoutS: z.number().int().min(10).max(604_800).default(3600),
  fenceAfterS: z.number().int().min(2).max(86_400).default(600),
  idempotencyKey: IdempotencyKey,
})

export const WhyWaiting = z.object({
  code: z.string(),
  message: z.string(),
  numbers: z.record(z.string(), z.number()).default({}),
})

export const Attempt = z.object({
  id: idOf('att'),
  number: z.number().int(),
  state: AttemptState,
  runner: z.object({ id: idOf('rnr'), name: z.string() }),
  failClass: FailClass.nullable(),
  exitCode: z.number().int().nullable(),
  reason: z.string().nullable(),
  logBytes: z.number().int(),
  offeredAt: IsoTime,
  startedAt: IsoTime.nullable(),
  endedAt: IsoTime.nullable(),
  leaseUntil: IsoTime.nullable(),
})

export const JobSummary = z.object({
  id: idOf('job'),
  name: z.string(),
  state: JobState,
  recipe: Slug,
  runId: idOf('run'),
  priority: z.number().int(),
  whyWaiting: WhyWaiting.nullable(),
  attempts: z.number().int(),
  createdBy: ActorRef,
  createdAt: IsoTime,
  endedAt: IsoTime.nullable(),
})
export const Job = JobSummary.extend({
  datasetVersionId: idOf('dsv'),
  params: RecipeParams,
  seed: z.number().int(),
  model: Slug,
  labels: z.array(Slug),
  gpus: z.number().int(),
  maxAttempts: z.number().int(),
  cancelRequestedAt: IsoTime.nullable(),
  attemptList: z.array(Attempt),
  modelVersionId: idOf('mv').nullable(),
})
export type Job = z.infer<typeof Job>

export const RunnerCard = z.object({
  id: idOf('rnr'),
  name: z.string(),
  state: z.enum(['online', 'offline', 'draining', 'disabled']),
  labels: z.array(z.string()),
  version: z.string(),
  slots: z.number().int(),
  cpus: z.number().int(),
  memoryMb: z.number().int(),
  devices: z.array(
    z.object({
      index: z.number().int(),
      kind: z.string(),
      model: z.string(),
      memoryMb: z.number().int(),
      health: z.enum(['ok', 'suspect', 'bad']),
      attemptId: idOf('att').nullable(),
    }),
  ),
  lastSeenAt: IsoTime.nullable(),
  jobs: z.array(z.object({ jobId: idOf('job'), name: z.string() })),
})
export type RunnerCard = z.infer<typeof RunnerCard>

export const CreateEnrolToken = z.object({
  uses: z.number().int().min(1).max(100).default(1),
  expiresInS: z.number().int().min(60).max(86_400).default(3600),
  idempotencyKey: IdempotencyKey,
})
