import { z } from 'zod'
import { ActorRef, DisplayName, IdempotencyKey, IsoTime, idOf, ProjectRef, Sha256, Text } from './common.ts'
import { MetricSeries, RunStatus } from './run.ts'
import { CompareRuns, MetricValue } from './run-table.ts'

export const RunRef = ProjectRef.extend({ runId: idOf('run') })
const RunName = z.object({ id: idOf('run'), name: z.string(), status: RunStatus })

/** A model that a run wrote (MLflow 3), registered or not. */
export const LoggedModelOfRun = z.object({
  /** As MLflow's clients know it. */
  id: z.string(),
  name: z.string(),
  status: z.enum(['unspecified', 'pending', 'ready', 'failed']),
  type: z.string(),
  /** Of the run, as text because it may pass 2^53; null where the client named none. */
  step: z.string().nullable(),
  createdAt: IsoTime,
  metrics: z.array(z.object({ key: z.string(), value: MetricValue, dataset: z.string() })),
  versions: z.array(z.object({ model: z.string(), version: z.number().int() })),
})
export type LoggedModelOfRun = z.infer<typeof LoggedModelOfRun>

/** Everything of one run but its curves, its log and its files. */
export const RunPage = z.object({
  id: idOf('run'),
  name: z.string(),
  experiment: z.object({ number: z.number().int(), name: z.string() }),
  status: RunStatus,
  codeCommit: z.string(),
  seed: z.number().int().nullable(),
  jobId: idOf('job').nullable(),
  user: z.string(),
  createdBy: ActorRef,
  createdAt: IsoTime,
  startedAt: IsoTime.nullable(),
  endedAt: IsoTime.nullable(),
  deletedAt: IsoTime.nullable(),
  params: z.record(z.string(), z.string()),
  tags: z.record(z.string(), z.string()),
  /** Newest values; steps as text, for they may pass 2^53. */
  metrics: z.array(z.object({ key: z.string(), value: MetricValue, step: z.string() })),
  /** What was read, as the client said; with our version where it is one. */
  datasets: z.array(
    z.object({
      name: z.string(),
      digest: z.string(),
      sourceType: z.string(),
      context: z.string(),
      datasetVersionId: idOf('dsv').nullable(),
    }),
  ),
  modelVersionIds: z.array(idOf('mv')),
  /** The newest hundred. */
  loggedModels: z.array(LoggedModelOfRun),
  parent: RunName.nullable(),
  /** Runs nested in this one, the newest hundred. */
  children: z.array(RunName),
})
export type RunPage = z.infer<typeof RunPage>

const Step = z.number().int().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER)
const StepRange = z.object({ fromStep: Step.optional(), toStep: Step.optional() })

/** A curve, when the newest point of each bucket was logged, and how many points are no finite number and so not drawn. */
export const ChartSeries = MetricSeries.extend({
  runId: idOf('run'),
  atMs: z.array(z.number().int()),
  nonFinite: z.number().int(),
})
export type ChartSeries = z.infer<typeof ChartSeries>

/** Curves of a run over all its steps, or of a stretch of them in finer buckets. */
export const ReadCharts = RunRef.extend({
  keys: z.array(Text.min(1).max(250)).max(100).optional(),
  ...StepRange.shape,
})
/** One metric of several runs, in one call. */
export const CompareSeries = CompareRuns.extend({ key: Text.min(1).max(250), ...StepRange.shape })

export const RenameRun = RunRef.extend({ name: DisplayName })
export const TagRun = RunRef.extend({ key: Text.min(1).max(250), value: Text.max(8_000) })
export const UntagRun = RunRef.extend({ key: Text.min(1).max(250) })

/** As many as one entry of the ledger names. */
export const CHANGED_RUNS = 1_000
export const ChangeRuns = ProjectRef.extend({
  runIds: z.array(idOf('run')).min(1).max(CHANGED_RUNS),
  change: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('delete') }),
    z.object({ kind: z.literal('restore') }),
    z.object({ kind: z.literal('tag'), key: Text.min(1).max(250), value: Text.max(8_000) }),
  ]),
  idempotencyKey: IdempotencyKey,
})
/** Runs that were as wanted already are `unchanged`. */
export const ChangedRuns = z.object({ changed: z.number().int(), unchanged: z.number().int() })

const ArtifactPath = Text.max(1_000)
export const ListFolder = RunRef.extend({ folder: ArtifactPath.default('') })
/** What lies directly in a folder; a size of null is a folder. */
export const FolderEntries = z.array(
  z.object({ name: z.string(), path: z.string(), sizeBytes: z.number().int().nullable() }),
)
export type FolderEntries = z.infer<typeof FolderEntries>

/** How a file may be shown; `none` is only ever downloaded. */
export const PreviewKind = z.enum(['image', 'html', 'csv', 'json', 'text', 'none'])
export const PreviewFile = RunRef.extend({ path: ArtifactPath.min(1) })
export const FilePreview = z.object({
  path: z.string(),
  kind: PreviewKind,
  mediaType: z.string(),
  sha256: Sha256,
  sizeBytes: z.number().int(),
  /** The beginning of what is text. */
  text: z.string().nullable(),
  /** Rows of the beginning of a table, the head first. */
  rows: z.array(z.array(z.string())).nullable(),
  isWhole: z.boolean(),
})
export type FilePreview = z.infer<typeof FilePreview>
