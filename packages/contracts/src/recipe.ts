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

/** Values at x = 0, 0.01, ... 1. */
const Curve = z.array(z.number()).length(101)
/** Of one class against the rest: the true-positive rate by the false-positive rate, and precision by recall. */
export const ClassCurves = z.object({ auc: z.number(), averagePrecision: z.number(), roc: Curve, precision: Curve })
export type ClassCurves = z.infer<typeof ClassCurves>
/** Of many classes those that are told apart worst; `macro` is the mean over all. */
export const EvaluationCurves = z.object({
  perClass: z.array(ClassCurves.extend({ label: Text })).max(20),
  macro: ClassCurves,
})
export type EvaluationCurves = z.infer<typeof EvaluationCurves>
/** Rows by the probability of the class they were given, in bins of about equal size. */
export const Calibration = z.object({
  /** Mean gap between how sure the model was and how often it was right, a share. */
  ece: z.number(),
  bins: z
    .array(
      z.object({
        from: z.number(),
        to: z.number(),
        count: z.number().int(),
        meanProbability: z.number(),
        observedRate: z.number(),
      }),
    )
    .max(20),
})
export type Calibration = z.infer<typeof Calibration>
/** Rows whose value in a column lies from `from` to `to`, both included; the evidence against the first is strongest. */
export const EvaluationSlices = z.object({
  /** How many were looked at. */
  looked: z.number().int(),
  worst: z
    .array(
      z.object({
        column: Text,
        from: z.number(),
        to: z.number(),
        rows: z.number().int(),
        accuracy: z.number(),
        interval: z.tuple([z.number(), z.number()]),
        /** Worse than the rest, beyond what chance does among so many. */
        isWorse: z.boolean(),
      }),
    )
    .max(20),
})
export type EvaluationSlices = z.infer<typeof EvaluationSlices>

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
  /** Null where scores are no probabilities; absent in older records, as the two below. */
  curves: EvaluationCurves.nullable().optional(),
  calibration: Calibration.nullable().optional(),
  slices: EvaluationSlices.optional(),
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
