import { z } from 'zod'
import { GateResult, idOf, ProjectRef } from './common.ts'
import { ModelVersionSummary } from './model.ts'

export const MAX_COMPARED = 10

/** Versions in the order of their columns; they may be of different models. */
export const CompareModelVersions = ProjectRef.extend({
  versions: z
    .array(idOf('mv'))
    .min(2)
    .max(MAX_COMPARED)
    .refine((ids) => new Set(ids).size === ids.length, 'must name each version once'),
  /** What the others are measured against; the first where none is named. */
  baseline: idOf('mv').optional(),
})

/** One measurement over all versions, a value each; null where it was not measured or is not finite. */
export const ComparedMetric = z.object({
  /** A part of the dataset, `run` for what clients logged, `file` for the file itself. */
  group: z.enum(['test', 'validation', 'train', 'run', 'file']),
  name: z.string(),
  unit: z.enum(['ratio', 'ms', 'bytes', 'none']),
  /** Which way is good; null where nobody can know. */
  better: z.enum(['higher', 'lower']).nullable(),
  values: z.array(z.number().nullable()),
  /** Value less the baseline's. */
  deltas: z.array(z.number().nullable()),
  /** Columns that hold the best value; empty where all are alike or no way is good. */
  best: z.array(z.number().int()),
})
export type ComparedMetric = z.infer<typeof ComparedMetric>

/** A fact as text over all versions; null where a version has none. */
export const ComparedFact = z.object({ name: z.string(), values: z.array(z.string().nullable()), differs: z.boolean() })
export type ComparedFact = z.infer<typeof ComparedFact>

export const ModelComparison = z.object({
  /** The column that deltas are against. */
  baseline: z.number().int(),
  versions: z.array(
    ModelVersionSummary.extend({
      runId: idOf('run').nullable(),
      jobId: idOf('job').nullable(),
      datasetVersionId: idOf('dsv').nullable(),
    }),
  ),
  metrics: z.array(ComparedMetric),
  gates: z.array(z.object({ gate: z.string(), results: z.array(GateResult.nullable()) })),
  /** Format, dataset, code, classes. */
  facts: z.array(ComparedFact),
  params: z.array(ComparedFact),
  /** Tensors by side and name, as `float32[n, 64]`. */
  signature: z.array(ComparedFact.extend({ side: z.enum(['input', 'output']) })),
})
export type ModelComparison = z.infer<typeof ModelComparison>
