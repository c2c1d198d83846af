import { z } from 'zod'
import { INT4_MAX, Sha256, Slug, Text } from './common.ts'

/** Milliseconds since 1970, up to the year 9999: PostgreSQL holds them and people can read them. */
const AtMs = z.number().int().min(0).max(253_402_300_799_999)
/** A 64-bit whole number as text: JSON in JavaScript loses those beyond 2^53. */
const Int64Text = z.string().regex(/^-?\d{1,19}$/, 'must be a whole number as text')
const Double = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])])
const Pair = z.object({ key: Text.min(1).max(255), value: Text.max(1_000_000) })
/** 128 bits as MLflow writes them. */
const Hex = z.string().regex(/^[0-9a-f]{32}$/, 'must be 32 hexadecimal digits')
const Source = Text.min(1).max(500)

/** What another MLflow server holds, kept here under the same ids, numbers and times. Every call may be repeated. */
export const ImportBase = z.object({ project: Slug, from: Source })

export const ImportExperiment = ImportBase.extend({
  name: Text.min(1).max(500),
  createdAtMs: AtMs,
  updatedAtMs: AtMs,
  deleted: z.boolean(),
  tags: z.array(Pair).max(1000),
})
export const ImportedExperiment = z.object({ number: z.number().int() })

export const ImportRun = ImportBase.extend({
  runId: Hex,
  experimentNumber: z.number().int().min(0),
  name: Text.max(1000),
  userName: Text.max(500),
  status: z.enum(['scheduled', 'running', 'finished', 'failed', 'killed']),
  startedAtMs: AtMs,
  endedAtMs: AtMs.nullable(),
  params: z.array(Pair).max(100_000),
  tags: z.array(Pair).max(100_000),
  datasets: z
    .array(
      z.object({
        name: Text.min(1).max(500),
        digest: Text.min(1).max(36),
        sourceType: Text.max(100),
        source: Text.max(65_535),
        schema: Text.max(1_048_575).nullable(),
        profile: Text.max(16_777_215).nullable(),
        tags: z.array(Pair).max(1000),
      }),
    )
    .max(100_000),
  modelInputs: z.array(Hex).max(100_000),
  modelOutputs: z.array(z.object({ modelId: Hex, step: Int64Text })).max(100_000),
})

export const ImportLoggedModel = ImportBase.extend({
  modelId: Hex,
  experimentNumber: z.number().int().min(0),
  name: Text.min(1).max(500),
  modelType: Text.max(500),
  sourceRunId: Hex.nullable(),
  status: z.enum(['unspecified', 'pending', 'ready', 'failed']),
  statusMessage: Text.max(10_000).nullable(),
  createdAtMs: AtMs,
  updatedAtMs: AtMs,
  params: z.array(Pair).max(100_000),
  tags: z.array(Pair).max(100_000),
  metrics: z
    .array(
      z.object({
        key: Text.min(1).max(255),
        value: Double,
        step: Int64Text,
        atMs: Int64Text,
        runId: Hex,
        datasetName: Text.max(500),
        datasetDigest: Text.max(36),
      }),
    )
    .max(100_000),
})

const Count = z.number().int().min(0)
/** What the other server said of a run or logged model, hashed, and how much came of what it does not say with it. */
const Sealed = z.object({ digest: Sha256, points: Count, files: Count, bytes: Count })

/** All of a run or logged model has arrived and been compared. */
export const SealImport = ImportBase.extend({
  kind: z.enum(['run', 'loggedModel']),
  id: Hex,
  deleted: z.boolean(),
  sealed: Sealed,
})

export const ImportState = ImportBase.extend({
  kind: z.enum(['run', 'loggedModel']),
  ids: z.array(Hex).max(500),
})
/** How much of each is here; those that are not are left out. */
export const ImportedState = z.array(
  z.object({
    id: Hex,
    /** Null until it is sealed. */
    sealed: Sealed.nullable(),
    deleted: z.boolean(),
    params: z.number().int(),
    tags: z.number().int(),
    metrics: z.number().int(),
    points: z.number().int(),
    datasets: z.number().int(),
    files: z.number().int(),
    bytes: z.number().int(),
  }),
)

export const ImportedFiles = ImportBase.extend({
  kind: z.enum(['run', 'loggedModel']),
  id: Hex,
  after: Text.max(5000).default(''),
})
/** By path, at most a thousand; the last path is where the next page begins. */
export const ImportedFilePage = z.array(z.object({ path: Text, sha256: Sha256, sizeBytes: z.number().int() }))

export const ImportModel = ImportBase.extend({
  name: Text.min(1).max(256),
  createdAtMs: AtMs,
  updatedAtMs: AtMs,
})
/** Give a version that was just registered here the number, times and stage it has there. */
export const ImportModelVersion = ImportModel.extend({
  registeredAs: z.number().int().min(1).max(INT4_MAX),
  version: z.number().int().min(1).max(INT4_MAX),
  stage: z.enum(['None', 'Staging', 'Production', 'Archived']),
})

export const RecordImport = ImportBase.extend({
  counts: z.record(Text.max(50), z.number().int()),
  differences: z.array(Text.max(500)).max(1000),
})
export const ImportDone = z.object({ done: z.literal(true) })
