import { z } from 'zod'
import { ActorRef, GateResult, IdempotencyKey, IsoTime, idOf, Sha256, Slug, Text } from './common.ts'
import { EvaluationReport } from './recipe.ts'

/** Read from the ONNX file itself. A dimension is a number, or a name where it is free. */
export const TensorSpec = z.object({
  name: z.string(),
  dtype: z.string(),
  shape: z.array(z.union([z.number().int(), z.string()])),
})
export const ModelSignature = z.object({
  inputs: z.array(TensorSpec),
  outputs: z.array(TensorSpec),
  irVersion: z.number().int(),
  opsets: z.record(z.string(), z.number().int()),
  producer: z.string(),
  nodes: z.number().int(),
})
export type ModelSignature = z.infer<typeof ModelSignature>

export const ModelStage = z.enum(['candidate', 'approved', 'rejected', 'archived'])
export const Approval = z.object({
  id: idOf('apr'),
  state: z.enum(['requested', 'approved', 'rejected', 'void']),
  digest: Sha256,
  requestedBy: ActorRef,
  requestedAt: IsoTime,
  decidedBy: ActorRef.nullable(),
  decidedAt: IsoTime.nullable(),
  comment: z.string(),
})
export const ModelVersionSummary = z.object({
  id: idOf('mv'),
  model: Slug,
  version: z.number().int(),
  stage: ModelStage,
  sha256: Sha256,
  accuracy: z.number().nullable(),
  p95LatencyMs: z.number().nullable(),
  gatesPassed: z.boolean(),
  liveOn: z.array(
    z.object({ endpointId: idOf('ep'), endpoint: Slug, variant: z.number().int(), role: z.enum(['stable', 'canary']) }),
  ),
  createdAt: IsoTime,
})
export const ModelVersion = ModelVersionSummary.extend({
  sizeBytes: z.number().int(),
  signature: ModelSignature,
  classes: z.array(z.string()),
  lineage: z.object({
    runId: idOf('run').nullable(),
    jobId: idOf('job').nullable(),
    datasetVersionId: idOf('dsv').nullable(),
    datasetName: Slug.nullable(),
    datasetVersion: z.number().int().nullable(),
    codeCommit: z.string(),
  }),
  evaluations: z.array(EvaluationReport),
  gates: z.array(GateResult),
  approvals: z.array(Approval),
  createdBy: ActorRef,
})
export type ModelVersion = z.infer<typeof ModelVersion>
export const ModelSummary = z.object({
  id: idOf('mdl'),
  name: Slug,
  versions: z.number().int(),
  latest: ModelVersionSummary.nullable(),
})

export const RequestApproval = z.object({
  project: Slug,
  modelVersionId: idOf('mv'),
  comment: Text.max(2000).default(''),
  idempotencyKey: IdempotencyKey,
})
/** `digest` is what the approver saw; another digest is refused. */
export const DecideApproval = z.object({
  project: Slug,
  approvalId: idOf('apr'),
  digest: Sha256,
  decision: z.enum(['approve', 'reject']),
  comment: Text.max(2000).default(''),
  idempotencyKey: IdempotencyKey,
})

/** A model made elsewhere: its bytes were uploaded before as a blob. */
export const RegisterModelVersion = z.object({
  project: Slug,
  model: Slug,
  sha256: Sha256,
  classes: z.array(Text.max(200)).max(10_000).default([]),
  datasetVersionId: idOf('dsv').optional(),
  codeCommit: Text.max(64).default(''),
  idempotencyKey: IdempotencyKey,
})
