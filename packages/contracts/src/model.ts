import { z } from 'zod'
import {
  ActorRef,
  GateResult,
  IdempotencyKey,
  INT4_MAX,
  IsoTime,
  idOf,
  ModelName,
  ProjectRef,
  Sha256,
  Slug,
  Text,
} from './common.ts'
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
/** MLflow's older label; it allows nothing and moves no traffic. */
export const MlflowStage = z.enum(['None', 'Staging', 'Production', 'Archived'])
/** Only ONNX is opened and served; all else is kept as it came. */
export const ModelFormat = z.enum(['onnx', 'opaque'])
export const VersionNumber = z.number().int().min(1).max(INT4_MAX)
export const RegistryTag = z.object({ key: z.string(), value: z.string() })
/** A file of a version as it was when the version was registered. */
export const ModelFile = z.object({
  path: z.string(),
  sha256: Sha256,
  sizeBytes: z.number().int(),
  mediaType: z.string(),
})
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
  model: ModelName,
  version: z.number().int(),
  stage: ModelStage,
  mlflowStage: MlflowStage,
  format: ModelFormat,
  /** Of the ONNX file; of an opaque version of the list of its files. An approval is bound to it. */
  sha256: Sha256,
  aliases: z.array(z.string()),
  description: z.string(),
  accuracy: z.number().nullable(),
  p95LatencyMs: z.number().nullable(),
  gatesPassed: z.boolean(),
  liveOn: z.array(
    z.object({ endpointId: idOf('ep'), endpoint: Slug, variant: z.number().int(), role: z.enum(['stable', 'canary']) }),
  ),
  createdAt: IsoTime,
})
/** Its outcome becomes an evaluation of the version, or an entry of the ledger that says why there is none. */
export const QueuedEvaluation = z.object({
  modelVersionId: idOf('mv'),
  datasetVersionId: idOf('dsv'),
  queuedAt: IsoTime,
})
export type QueuedEvaluation = z.infer<typeof QueuedEvaluation>
export const ModelVersion = ModelVersionSummary.extend({
  sizeBytes: z.number().int(),
  /** Null for opaque formats, which are never opened. */
  signature: ModelSignature.nullable(),
  classes: z.array(z.string()),
  lineage: z.object({
    runId: idOf('run').nullable(),
    loggedModelId: idOf('lm').nullable(),
    jobId: idOf('job').nullable(),
    datasetVersionId: idOf('dsv').nullable(),
    datasetName: Slug.nullable(),
    datasetVersion: z.number().int().nullable(),
    codeCommit: z.string(),
  }),
  evaluations: z.array(EvaluationReport),
  /** An evaluation that waits or runs. */
  evaluating: QueuedEvaluation.extend({ dataset: Slug, datasetVersion: z.number().int() }).nullable(),
  /** How the last evaluation ended, if it ended without a report. */
  evaluationFailure: z.object({ at: IsoTime, why: z.string() }).nullable(),
  gates: z.array(GateResult),
  approvals: z.array(Approval),
  tags: z.array(RegistryTag),
  files: z.array(ModelFile),
  /** The URI a client registered it from; empty for uploads and results of jobs. */
  source: z.string(),
  runLink: z.string(),
  createdBy: ActorRef,
  updatedAt: IsoTime,
})
export type ModelVersion = z.infer<typeof ModelVersion>
export const ModelSummary = z.object({
  id: idOf('mdl'),
  name: ModelName,
  description: z.string(),
  tags: z.array(RegistryTag),
  aliases: z.array(z.object({ alias: z.string(), version: z.number().int() })),
  versions: z.number().int(),
  latest: ModelVersionSummary.nullable(),
  createdAt: IsoTime,
  updatedAt: IsoTime,
})
export type ModelSummary = z.infer<typeof ModelSummary>

export const RequestApproval = z.object({
  project: Slug,
  modelVersionId: idOf('mv'),
  comment: Text.max(2000).default(''),
  idempotencyKey: IdempotencyKey,
})
/** Ask for an ONNX version to be evaluated by this installation, on the test part of a dataset version. */
export const EvaluateModelVersion = z.object({
  project: Slug,
  modelVersionId: idOf('mv'),
  datasetVersionId: idOf('dsv'),
  idempotencyKey: IdempotencyKey,
})
/** `digest` and `finding` (the gate's detail) are what was seen; others are refused. */
export const WaiveGate = z.object({
  project: Slug,
  modelVersionId: idOf('mv'),
  gate: Text.min(1).max(200),
  digest: Sha256,
  finding: Text.max(20_000),
  reason: Text.trim().min(1).max(2000),
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
  model: ModelName,
  sha256: Sha256,
  classes: z.array(Text.max(200)).max(10_000).default([]),
  datasetVersionId: idOf('dsv').optional(),
  codeCommit: Text.max(64).default(''),
  idempotencyKey: IdempotencyKey,
})

const OfModel = ProjectRef.extend({ model: ModelName })
const OfVersion = OfModel.extend({ version: VersionNumber })
const key = { idempotencyKey: IdempotencyKey }
const TAG_KEY_MAX = 250
const TAG_VALUE_MAX = 100_000
const Description = Text.max(5000)
const TagKey = Text.min(1).max(TAG_KEY_MAX)
/** Whether a text may be an alias at all is the registry's to say, in words. */
const Alias = Text.min(1).max(255)

export const CreateModel = OfModel.extend({ description: Description.default(''), ...key })
export const UpdateModel = OfModel.extend({ description: Description, ...key })
export const RenameModel = OfModel.extend({ newName: ModelName, ...key })
export const DeleteModel = OfModel.extend(key)
export const SetModelTag = OfModel.extend({ key: TagKey, value: Text.max(TAG_VALUE_MAX), ...key })
export const DeleteModelTag = OfModel.extend({ key: TagKey, ...key })
export const SetModelAlias = OfVersion.extend({ alias: Alias, ...key })
export const DeleteModelAlias = OfModel.extend({ alias: Alias, ...key })
export const UpdateModelVersion = OfVersion.extend({ description: Description, ...key })
export const DeleteModelVersion = OfVersion.extend(key)
export const SetModelVersionTag = OfVersion.extend({ key: TagKey, value: Text.max(TAG_VALUE_MAX), ...key })
export const DeleteModelVersionTag = OfVersion.extend({ key: TagKey, ...key })
export const TransitionModelVersion = OfVersion.extend({
  stage: MlflowStage,
  /** Archive the others in that stage; for Staging and Production only. */
  archiveExisting: z.boolean().default(false),
  ...key,
})
