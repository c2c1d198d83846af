import type { LoggedModelOfRun } from '@modelyard/contracts'
import { listLoggedModelsOfRun } from '@modelyard/db'
import { hexOfId } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { readLoggedModels } from '../logged-model/record.ts'
import type { RunRecord } from '../run/record.ts'
import { metricValue } from './row.ts'

const MAX_MODELS = 100

/** Models that a run wrote, with what was measured of them and the versions registered from them. */
export async function loggedModelsOf(ctx: Ctx, projectId: string, run: RunRecord): Promise<LoggedModelOfRun[]> {
  const ids = await listLoggedModelsOfRun(ctx.db, { projectId, runId: run.id, limit: MAX_MODELS })
  const records = await readLoggedModels(ctx.db, { projectId, ids })
  const stepOf = new Map(run.modelOutputs.map(({ loggedModelId, step }) => [loggedModelId, step.toString()]))
  return records.map((record) => ({
    id: `m-${hexOfId(record.id)}`,
    name: record.name,
    status: record.status,
    type: record.modelType,
    step: stepOf.get(record.id) ?? null,
    createdAt: record.createdAt.toISOString(),
    metrics: record.metrics.map(({ key, value, datasetName }) => {
      return { key, value: metricValue(value), dataset: datasetName }
    }),
    versions: record.registrations.map(({ name, version }) => ({ model: name, version })),
  }))
}
