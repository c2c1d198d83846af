import { z } from 'zod'
import { ActorRef, DisplayName, GateResult, IdempotencyKey, IsoTime, idOf, Sha256, Slug, Text } from './common.ts'

export const ColumnProfile = z.object({
  name: z.string(),
  type: z.enum(['number', 'integer', 'boolean', 'text', 'empty']),
  missing: z.number().int(),
  distinct: z.number().int(),
  min: z.number().nullable(),
  median: z.number().nullable(),
  max: z.number().nullable(),
  mean: z.number().nullable(),
  /** Counts in at most 16 equal-width bins between min and max. */
  histogram: z.array(z.number().int()),
  /** Most frequent values of a text or label column. */
  top: z.array(z.object({ value: z.string(), count: z.number().int() })),
})
export type ColumnProfile = z.infer<typeof ColumnProfile>

export const SplitPlan = z.object({
  kind: z.enum(['stratified', 'ordered', 'group']),
  train: z.number().min(0.05).max(0.95),
  validation: z.number().min(0).max(0.5),
  test: z.number().min(0.01).max(0.5),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  groupColumn: Text.optional(),
})
export const QualityThresholds = z.object({
  maxMissingRatio: z.number().min(0).max(1).default(0.05),
  minClassEntropy: z.number().min(0).max(1).default(0.8),
  maxDuplicateRatio: z.number().min(0).max(1).default(0.01),
  minPerClass: z.number().int().min(0).default(10),
})

export const RegisterDataset = z.object({
  project: Slug,
  name: Slug,
  /** A blob uploaded before. CSV with a header line, optionally gzip. */
  sha256: Sha256,
  format: z.enum(['csv', 'csv.gz']),
  labelColumn: Text.min(1).max(200),
  split: SplitPlan,
  thresholds: QualityThresholds.optional(),
  description: Text.max(2000).default(''),
  licence: Text.max(200).default(''),
  sourceNote: Text.max(2000).default(''),
  idempotencyKey: IdempotencyKey,
})

export const SplitPart = z.object({ rows: z.number().int(), classCounts: z.record(z.string(), z.number().int()) })
export const DatasetVersion = z.object({
  id: idOf('dsv'),
  datasetId: idOf('ds'),
  name: Slug,
  version: z.number().int(),
  sha256: Sha256,
  sizeBytes: z.number().int(),
  rows: z.number().int(),
  labelColumn: z.string(),
  description: z.string(),
  licence: z.string(),
  sourceNote: z.string(),
  columns: z.array(ColumnProfile),
  classes: z.array(z.string()),
  split: SplitPlan.extend({ parts: z.object({ train: SplitPart, validation: SplitPart, test: SplitPart }) }),
  gates: z.array(GateResult),
  leakage: z.array(GateResult),
  blocked: z.boolean(),
  createdBy: ActorRef,
  createdAt: IsoTime,
  usedBy: z.object({ runs: z.array(idOf('run')), modelVersions: z.array(idOf('mv')) }),
})
export type DatasetVersion = z.infer<typeof DatasetVersion>

export const DatasetSummary = z.object({
  id: idOf('ds'),
  name: Slug,
  versions: z.number().int(),
  latest: z.object({
    id: idOf('dsv'),
    version: z.number().int(),
    rows: z.number().int(),
    columns: z.number().int(),
    blocked: z.boolean(),
    createdAt: IsoTime,
  }),
})

/** Resumable upload: begin -> have | upload; PUT bytes by offset to apps/api `/uploads/{id}`; complete. */
export const BeginUpload = z.object({
  project: Slug,
  sha256: Sha256,
  sizeBytes: z
    .number()
    .int()
    .min(1)
    .max(2 ** 33),
  mediaType: DisplayName.default('application/octet-stream'),
})
export const BegunUpload = z.discriminatedUnion('state', [
  z.object({ state: z.literal('have'), sha256: Sha256 }),
  z.object({
    state: z.literal('upload'),
    uploadId: idOf('upl'),
    offset: z.number().int(),
    partBytes: z.number().int(),
  }),
])
