import type { Db } from '../client.ts'
import { changeOf } from '../notify.ts'
import { executeKept } from '../prepared.ts'
import { arrayText, type NewPoint, pointArrays } from './points.ts'

/** A logged model that a point is also of, and on which dataset; '' where none was named. */
export type PointModel = { id: string; datasetName: string; datasetDigest: string }
export type PointToLog = NewPoint & { model?: PointModel | undefined }
type Pair = { key: string; value: string }

export type Batch = {
  points: readonly PointToLog[]
  /** Each key once. */
  params: readonly Pair[]
  /** Each key once. */
  tags: readonly Pair[]
  /** The run's new name; null leaves it. */
  name: string | null
}

/** The attempt of a job that writes, to runs of that job only. */
export type WritingAttempt = { attemptId: string; jobId: string; fence: number }

/** Why a batch was not written: `was` is the value that a parameter has already. */
export type BatchFault =
  | { fault: 'fenced' | 'no_run' | 'other_job' | 'deleted' }
  | { fault: 'no_model'; id: string }
  | { fault: 'param'; key: string; was: string }

/**
 * Write a batch to a run and tell the pages, all or nothing, in one statement: the SQL function `log_batch`, whose text is
 * in migrations/0007_log_batch.sql. It holds the run, and the attempt if one writes, while it looks and writes; called on
 * the pool it is a transaction of its own. Null when all is written.
 */
export async function writeBatch(
  db: Db,
  args: Batch & { projectId: string; runId: string; attempt: WritingAttempt | null },
): Promise<BatchFault | null> {
  const { projectId, runId, attempt, points } = args
  const { keys, steps, times, values } = pointArrays(points)
  const { models, datasetNames, datasetDigests } = modelArrays(points)
  const params = [
    ...[projectId, runId, attempt?.attemptId ?? null, attempt?.jobId ?? null, attempt?.fence ?? 0],
    ...[keys, steps, times, values, models, datasetNames, datasetDigests],
    ...[arrayText(args.params.map(({ key }) => key)), arrayText(args.params.map(({ value }) => value))],
    ...[arrayText(args.tags.map(({ key }) => key)), arrayText(args.tags.map(({ value }) => value))],
    ...[args.name, changeOf({ noun: 'run', id: runId, projectId })],
  ]
  const [written] = await executeKept<{ fault: BatchFault | null }>(db, { sql: LOG_BATCH, params })
  return written?.fault ?? null
}

const LOG_BATCH =
  'select log_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) as fault'

function modelArrays(points: readonly PointToLog[]) {
  const models = points.some(({ model }) => model) ? points.map(({ model }) => model) : []
  return {
    models: arrayText(models.map((model) => model?.id ?? '')),
    datasetNames: arrayText(models.map((model) => model?.datasetName ?? '')),
    datasetDigests: arrayText(models.map((model) => model?.datasetDigest ?? '')),
  }
}
