import { z } from 'zod'
import { ActorRef, IsoTime, idOf, Sha256 } from './common.ts'

export const RunStatus = z.enum(['scheduled', 'running', 'finished', 'failed', 'killed'])
export const RunSummary = z.object({
  id: idOf('run'),
  name: z.string(),
  experiment: z.string(),
  status: RunStatus,
  jobId: idOf('job').nullable(),
  params: z.record(z.string(), z.string()),
  /** Last value of each metric; null where it is not finite. */
  metrics: z.record(z.string(), z.number().nullable()),
  datasetVersionId: idOf('dsv').nullable(),
  createdBy: ActorRef,
  startedAt: IsoTime.nullable(),
  endedAt: IsoTime.nullable(),
  createdAt: IsoTime,
})
export const Artifact = z.object({
  id: idOf('art'),
  path: z.string(),
  kind: z.string(),
  sha256: Sha256,
  sizeBytes: z.number().int(),
  mediaType: z.string(),
})
export const Run = RunSummary.extend({
  codeCommit: z.string(),
  seed: z.number().int().nullable(),
  artifacts: z.array(Artifact),
  modelVersionId: idOf('mv').nullable(),
})
export type Run = z.infer<typeof Run>

/** At most 1000 buckets; each keeps every extreme of the points it holds. Values are null where not finite. */
export const MetricSeries = z.object({
  key: z.string(),
  points: z.number().int(),
  steps: z.array(z.number().int()),
  min: z.array(z.number().nullable()),
  max: z.array(z.number().nullable()),
  last: z.array(z.number().nullable()),
})
export type MetricSeries = z.infer<typeof MetricSeries>

export const LogWindow = z.object({
  attemptId: idOf('att').nullable(),
  offset: z.number().int(),
  text: z.string(),
  totalBytes: z.number().int(),
  ended: z.boolean(),
})
export type LogWindow = z.infer<typeof LogWindow>
