import { z } from 'zod'
import {
  double,
  entityKey,
  int64,
  loggedModelId,
  optional,
  optionalOrBlank,
  repeated,
  required,
  text,
} from '../fields.ts'

/** A metric as a client logs it. */
export const metricToLog = z
  .object({
    key: entityKey,
    value: required(double),
    timestamp: required(int64.refine((value) => value >= 0n, 'must not be before 1970')),
    step: optional(int64),
    model_id: optionalOrBlank(loggedModelId),
    dataset_name: optional(text(500)),
    dataset_digest: optional(text(36)),
  })
  .transform(({ key, value, timestamp, step = 0n, model_id: id, dataset_name, dataset_digest }) => {
    const model = id && { id, datasetName: dataset_name ?? '', datasetDigest: dataset_digest ?? '' }
    return { key, value, step, atMs: timestamp, model }
  })

type MetricToLog = z.output<typeof metricToLog>

const checked = repeated(metricToLog)

/**
 * Metrics as a client logs them. A thousand at once come often and are plain, so those are read by hand, several times
 * faster; the shape above reads the lists with anything else in them, and names what is wrong.
 */
export const metricsToLog = z.transform((value, context): MetricToLog[] => {
  const plain = plainMetrics(value)
  if (plain) return plain
  const { data, error } = checked.safeParse(value)
  for (const issue of error?.issues ?? []) context.addIssue({ ...issue } as z.core.$ZodRawIssue)
  return data ?? z.NEVER
})

/** Keys that `entityKey` takes, not all of them. */
const PLAIN_KEY = /^(?=.{1,250}$)[\w-]+(?:[/.: ][\w-]+)*$/

function plainMetrics(value: unknown): MetricToLog[] | null {
  if (!Array.isArray(value)) return null
  const metrics: MetricToLog[] = []
  for (const item of value) {
    const metric = plainMetric(item)
    if (metric === null) return null
    metrics.push(metric)
  }
  return metrics
}

type Said = { [Field in keyof z.input<typeof metricToLog>]?: unknown }

/** Null for what the shape must look at: numbers as text, other letters in keys, metrics of models, all that is wrong. */
function plainMetric(item: Said | null): MetricToLog | null {
  if (typeof item !== 'object' || item === null || ofModel(item)) return null
  const { key, value, timestamp, step = 0 } = item
  if (typeof key !== 'string' || !PLAIN_KEY.test(key) || !isFiniteNumber(value)) return null
  if (!isWhole(timestamp) || timestamp < 0 || !isWhole(step)) return null
  return { key, value, step: BigInt(step), atMs: BigInt(timestamp), model: undefined }
}

const ofModel = ({ model_id, dataset_name, dataset_digest }: Said) =>
  model_id !== undefined || dataset_name !== undefined || dataset_digest !== undefined

/** The JSON number 1e999 is infinite, which the shape refuses. */
const isFiniteNumber = (value: unknown): value is number => Number.isFinite(value)
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value)
