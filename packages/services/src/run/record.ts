import { type DatasetInputRow, type Db, type RunRecordRow, readRunRecordRows, type tables } from '@modelyard/db'
import { refuseUnknown } from './hold.ts'

type RunColumns = typeof tables.run.$inferSelect
export type LatestMetric = { key: string; value: number; step: bigint; atMs: bigint }
export type LoggedPair = { key: string; value: string }
export type ModelOfRun = { loggedModelId: string; step: bigint }

/** Everything that was logged to one run: what MLflow clients and the console show of it. Lists are ordered by key. */
export type RunRecord = Pick<
  RunColumns,
  | 'id'
  | 'name'
  | 'status'
  | 'codeCommit'
  | 'seed'
  | 'jobId'
  | 'userName'
  | 'createdBy'
  | 'createdAt'
  | 'startedAt'
  | 'endedAt'
  | 'deletedAt'
> & {
  experiment: { id: string; number: number; name: string }
  params: LoggedPair[]
  /** Without `mlflow.runName`, which is `name`. */
  tags: LoggedPair[]
  /** The newest value of each metric: the highest (step, time, value). It may be NaN or infinite. */
  metrics: LatestMetric[]
  /** Datasets as the client described them. */
  datasets: DatasetInputRow[]
  /** Dataset versions of ours that it read, and as what. */
  datasetVersions: { id: string; context: string }[]
  modelInputs: ModelOfRun[]
  modelOutputs: ModelOfRun[]
}

/**
 * Records of the runs of these ids that are in the project, deleted ones too, in the order of the ids. One statement;
 * the caller has asked whether it may read the project.
 */
export async function readRunRecords(
  db: Db,
  args: { projectId: string; ids: readonly string[] },
): Promise<RunRecord[]> {
  const rows = new Map((await readRunRecordRows(db, args)).map((row) => [row.id, row]))
  return args.ids.flatMap((id) => {
    const row = rows.get(id)
    return row ? [recordOf(row)] : []
  })
}

/** One of them. @throws Refusal `not_found` */
export async function recordIn(db: Db, args: { projectId: string; runId: string }): Promise<RunRecord> {
  const [found] = await readRunRecords(db, { projectId: args.projectId, ids: [args.runId] })
  return found ?? refuseUnknown(args.runId)
}

function recordOf(row: RunRecordRow): RunRecord {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    codeCommit: row.code_commit,
    seed: row.seed,
    jobId: row.job_id,
    userName: row.user_name,
    createdBy: row.created_by,
    createdAt: new Date(row.created_at),
    startedAt: instantOf(row.started_at),
    endedAt: instantOf(row.ended_at),
    deletedAt: instantOf(row.deleted_at),
    experiment: { id: row.experiment_id, number: row.experiment_number, name: row.experiment_name },
    params: pairsOf(row.params),
    tags: pairsOf(row.tags),
    metrics: (row.metrics ?? []).map(([key, value, step, atMs]) => ({
      key,
      value: Number(value),
      step: BigInt(step),
      atMs: BigInt(atMs),
    })),
    datasets: row.datasets ?? [],
    datasetVersions: row.dataset_versions ?? [],
    modelInputs: modelsOf(row, 'input'),
    modelOutputs: modelsOf(row, 'output'),
  }
}

const instantOf = (text: string | null) => (text === null ? null : new Date(text))

const pairsOf = (pairs: RunRecordRow['params']): LoggedPair[] => (pairs ?? []).map(([key, value]) => ({ key, value }))

function modelsOf({ models }: RunRecordRow, wanted: 'input' | 'output'): ModelOfRun[] {
  return (models ?? [])
    .filter(({ direction }) => direction === wanted)
    .map(({ id, step }) => ({ loggedModelId: id, step: BigInt(step) }))
}
