import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import type { Db } from '../client.ts'
import type { NamedModelVersion } from '../model/rows.ts'
import { dataset, datasetVersion, metric, model, modelVersion, runParam } from '../schema/index.ts'

/** Versions of a project by their ids, in no order; those that are gone are left out. */
export async function findModelVersions(
  db: Db,
  args: { projectId: string; ids: readonly string[] },
): Promise<NamedModelVersion[]> {
  return db
    .select({ version: modelVersion, model: model.name })
    .from(modelVersion)
    .innerJoin(model, eq(modelVersion.modelId, model.id))
    .where(
      and(
        eq(modelVersion.projectId, args.projectId),
        inArray(modelVersion.id, [...args.ids]),
        isNull(modelVersion.deletedAt),
      ),
    )
}

/** Names and numbers of dataset versions by id. */
export async function nameDatasetVersions(
  db: Db,
  ids: readonly string[],
): Promise<Map<string, { name: string; version: number }>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({ id: datasetVersion.id, name: dataset.name, version: datasetVersion.version })
    .from(datasetVersion)
    .innerJoin(dataset, eq(datasetVersion.datasetId, dataset.id))
    .where(inArray(datasetVersion.id, [...ids]))
  return new Map(rows.map(({ id, ...named }) => [id, named]))
}

export type LoggedOfRun<T> = { runId: string; key: string; value: T }

/** Parameters and newest metric values of several runs in the order of their keys; of each at most `limit` rows. */
export async function readLoggedOfRuns(
  db: Db,
  args: { runIds: readonly string[]; limit: number },
): Promise<{ params: LoggedOfRun<string>[]; metrics: LoggedOfRun<number>[] }> {
  if (args.runIds.length === 0) return { params: [], metrics: [] }
  const runIds = [...args.runIds]
  const params = await db
    .select({ runId: runParam.runId, key: runParam.key, value: runParam.value })
    .from(runParam)
    .where(inArray(runParam.runId, runIds))
    .orderBy(asc(runParam.key), asc(runParam.runId))
    .limit(args.limit)
  const metrics = await db
    .select({ runId: metric.runId, key: metric.key, value: metric.lastValue })
    .from(metric)
    .where(inArray(metric.runId, runIds))
    .orderBy(asc(metric.key), asc(metric.runId))
    .limit(args.limit)
  return { params, metrics }
}
