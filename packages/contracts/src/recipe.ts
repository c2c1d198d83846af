import { z } from 'zod'
import { GivenTime, Text } from './common.ts'
import { RecipeParams } from './job.ts'

/** `spec.json` in the job's folder: all a recipe is told. */
export const RecipeSpec = z.object({
  jobId: z.string(),
  runId: z.string(),
  attempt: z.number().int(),
  recipe: z.string(),
  seed: z.number().int(),
  params: RecipeParams,
  dataset: z.object({
    /** Path relative to the job's folder. */
    file: z.string(),
    format: z.enum(['csv', 'csv.gz']),
    labelColumn: z.string(),
    classes: z.array(z.string()),
    /** Row numbers (0-based, without the header) of each part. */
    split: z.object({
      train: z.array(z.number().int()),
      validation: z.array(z.number().int()),
      test: z.array(z.number().int()),
    }),
  }),
})
export type RecipeSpec = z.infer<typeof RecipeSpec>

/** One line of `metrics.jsonl`. Non-finite values travel as text. */
export const MetricPoint = z.object({
  key: Text.min(1).max(250),
  step: z.number().int().min(0),
  value: z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]),
  at: GivenTime,
})
export type MetricPoint = z.infer<typeof MetricPoint>

/** Per-class numbers in the order of `classes`; `confusion[true][predicted]` are counts. */
export const EvaluationReport = z.object({
  split: z.enum(['train', 'validation', 'test']),
  rows: z.number().int(),
  accuracy: z.number(),
  accuracyInterval: z.tuple([z.number(), z.number()]),
  macroF1: z.number(),
  logLoss: z.number().nullable(),
  classes: z.array(Text),
  perClass: z.array(
    z.object({
      label: Text,
      precision: z.number(),
      recall: z.number(),
      f1: z.number(),
      support: z.number().int(),
    }),
  ),
  confusion: z.array(z.array(z.number().int())),
  latencyMs: z.object({
    p50: z.number(),
    p95: z.number(),
    p99: z.number(),
    runs: z.number().int(),
    batchRows: z.number().int(),
  }),
})
export type EvaluationReport = z.infer<typeof EvaluationReport>

/** `outputs/result.json`: what a recipe hands back. Paths are relative to `outputs/`. */
export const RecipeResult = z.object({
  model: z.object({ file: Text, format: z.literal('onnx') }),
  evaluations: z.array(EvaluationReport).min(1),
  params: RecipeParams,
  artifacts: z
    .array(z.object({ file: Text, kind: Text.max(50) }))
    .max(100)
    .default([]),
})
export type RecipeResult = z.infer<typeof RecipeResult>
