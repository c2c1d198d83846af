import { type Db, type LoggedModelRecordRow, readLoggedModelRows } from '@modelyard/db'

export type LoggedModelMetric = {
  key: string
  value: number
  step: bigint
  atMs: bigint
  runId: string
  /** '' where the client named no dataset. */
  datasetName: string
  datasetDigest: string
}

/** Everything there is of a logged model. Lists are ordered by key. */
export type LoggedModelRecord = {
  id: string
  name: string
  status: LoggedModelRecordRow['status']
  statusMessage: string | null
  modelType: string
  sourceRunId: string | null
  createdAt: Date
  updatedAt: Date
  deleted: boolean
  experiment: { id: string; number: number }
  params: { key: string; value: string }[]
  tags: { key: string; value: string }[]
  /** The newest value of each metric, for each dataset that it was measured on. */
  metrics: LoggedModelMetric[]
  /** The model versions registered from it. */
  registrations: { name: string; version: number }[]
}

/** Records of these ids that are in the project, deleted ones too, in the order of the ids; one statement. */
export async function readLoggedModels(
  db: Db,
  args: { projectId: string; ids: readonly string[] },
): Promise<LoggedModelRecord[]> {
  const rows = new Map((await readLoggedModelRows(db, args)).map((row) => [row.id, row]))
  return args.ids.flatMap((id) => {
    const row = rows.get(id)
    return row ? [recordOf(row)] : []
  })
}

const pairsOf = (pairs: [string, string][] | null) => (pairs ?? []).map(([key, value]) => ({ key, value }))

function recordOf(row: LoggedModelRecordRow): LoggedModelRecord {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    statusMessage: row.status_message,
    modelType: row.model_type,
    sourceRunId: row.source_run_id,
    createdAt: new Date(Math.round(row.created_at_ms)),
    updatedAt: new Date(Math.round(row.updated_at_ms)),
    deleted: row.deleted,
    experiment: { id: row.experiment_id, number: row.experiment_number },
    params: pairsOf(row.params),
    tags: pairsOf(row.tags),
    metrics: (row.metrics ?? []).map(({ value, step, atMs, ...metric }) => ({
      ...metric,
      value: Number(value),
      step: BigInt(step),
      atMs: BigInt(atMs),
    })),
    registrations: row.registrations ?? [],
  }
}
