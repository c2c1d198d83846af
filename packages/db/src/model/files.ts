import { and, asc, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import {
  artifact,
  experiment,
  job,
  loggedDataset,
  loggedModel,
  loggedModelMetric,
  loggedModelTag,
  metric,
  modelVersionFile,
  run,
  runDataset,
  runInput,
} from '../schema/index.ts'

export type VersionFile = { path: string; sha256: string; sizeBytes: number; mediaType: string }

/**
 * The files of a run or logged model under a folder ('' is all), their paths from that folder on, in the order of the
 * paths' bytes. A path that is a file itself answers that file under its own name. At most `limit`.
 */
export async function listFilesUnder(
  db: Db,
  args: { projectId: string; ownerId: string; path: string; limit: number },
): Promise<VersionFile[]> {
  const { projectId, ownerId, path, limit } = args
  const folder = path === '' ? '' : `${path}/`
  const isUnder = sql`starts_with(${artifact.path}, ${folder})`
  const rows = await db
    .select({
      path: artifact.path,
      sha256: artifact.sha256,
      sizeBytes: artifact.sizeBytes,
      mediaType: artifact.mediaType,
    })
    .from(artifact)
    .where(
      and(
        eq(artifact.projectId, projectId),
        eq(artifact.ownerId, ownerId),
        path === '' ? undefined : sql`(${isUnder} or ${artifact.path} = ${path})`,
      ),
    )
    .orderBy(sql`${artifact.path} collate "C"`)
    .limit(limit)
  const relative = (full: string) => (full === path ? full.slice(full.lastIndexOf('/') + 1) : full.slice(folder.length))
  return rows.map((row) => ({ ...row, path: relative(row.path) }))
}

export async function insertVersionFiles(
  db: Db,
  args: { projectId: string; modelVersionId: string; files: readonly VersionFile[] },
): Promise<void> {
  const { projectId, modelVersionId, files } = args
  const CHUNK = 5_000
  for (let from = 0; from < files.length; from += CHUNK)
    await db
      .insert(modelVersionFile)
      .values(files.slice(from, from + CHUNK).map((file) => ({ ...file, projectId, modelVersionId })))
}

/** The frozen files of a version in the order of their paths' bytes. */
export async function listVersionFiles(db: Db, modelVersionId: string): Promise<VersionFile[]> {
  return db
    .select({
      path: modelVersionFile.path,
      sha256: modelVersionFile.sha256,
      sizeBytes: modelVersionFile.sizeBytes,
      mediaType: modelVersionFile.mediaType,
    })
    .from(modelVersionFile)
    .where(eq(modelVersionFile.modelVersionId, modelVersionId))
    .orderBy(sql`${modelVersionFile.path} collate "C"`)
}

/** A run, also a deleted one, whose files stay: with what a version made of it is traced back to. */
export async function findSourceRun(db: Db, args: { projectId: string; id: string }) {
  const [row] = await db
    .select({
      id: run.id,
      codeCommit: run.codeCommit,
      jobId: run.jobId,
      experiment: experiment.number,
    })
    .from(run)
    .innerJoin(experiment, eq(run.experimentId, experiment.id))
    .where(and(eq(run.projectId, args.projectId), eq(run.id, args.id)))
  return row ?? null
}

export async function findSourceLoggedModel(db: Db, args: { projectId: string; id: string }) {
  const [row] = await db
    .select({ id: loggedModel.id, runId: loggedModel.sourceRunId, experiment: experiment.number })
    .from(loggedModel)
    .innerJoin(experiment, eq(loggedModel.experimentId, experiment.id))
    .where(and(eq(loggedModel.projectId, args.projectId), eq(loggedModel.id, args.id), isNull(loggedModel.deletedAt)))
  return row ?? null
}

/** The newest model that a run logged under a name. */
export async function findLoggedModelOfRun(
  db: Db,
  args: { projectId: string; runId: string; name: string },
): Promise<string | null> {
  const [row] = await db
    .select({ id: loggedModel.id })
    .from(loggedModel)
    .where(
      and(
        eq(loggedModel.projectId, args.projectId),
        eq(loggedModel.sourceRunId, args.runId),
        eq(loggedModel.name, args.name),
        isNull(loggedModel.deletedAt),
      ),
    )
    .orderBy(desc(loggedModel.createdAt), desc(loggedModel.id))
    .limit(1)
  return row?.id ?? null
}

/** The experiment that a run belongs to, by the number clients know; null for a run that is gone. */
export async function findExperimentNumber(db: Db, runId: string): Promise<number | null> {
  const [row] = await db
    .select({ number: experiment.number })
    .from(run)
    .innerJoin(experiment, eq(run.experimentId, experiment.id))
    .where(eq(run.id, runId))
  return row?.number ?? null
}

/** Who submitted a job. */
export async function findSubmitter(db: Db, jobId: string) {
  const [row] = await db.select({ createdBy: job.createdBy }).from(job).where(eq(job.id, jobId))
  return row?.createdBy ?? null
}

/** Versions of our datasets that a run read for training: named by a job, or recognised in what a client logged. */
export async function listTrainedOn(db: Db, args: { projectId: string; runId: string }): Promise<string[]> {
  const ofJob = await db
    .select({ id: runInput.datasetVersionId, context: runInput.context })
    .from(runInput)
    .where(and(eq(runInput.projectId, args.projectId), eq(runInput.runId, args.runId)))
  const logged = await db
    .select({ id: loggedDataset.datasetVersionId, context: runDataset.context })
    .from(runDataset)
    .innerJoin(loggedDataset, eq(runDataset.loggedDatasetId, loggedDataset.id))
    .where(and(eq(runDataset.projectId, args.projectId), eq(runDataset.runId, args.runId)))
  const training = [...ofJob, ...logged].filter(({ context }) => /^train/i.test(context ?? ''))
  return [...new Set(training.map(({ id }) => id).filter((id) => id !== null))].sort()
}

/** The newest values of these metrics that a client logged for a logged model, else for its run. */
export async function readReportedMetrics(
  db: Db,
  args: { runId: string | null; loggedModelId: string | null; keys: readonly string[] },
): Promise<Map<string, number>> {
  const keys = [...args.keys]
  if (keys.length === 0) return new Map()
  const ofRun =
    args.runId === null
      ? []
      : await db
          .select({ key: metric.key, value: metric.lastValue })
          .from(metric)
          .where(and(eq(metric.runId, args.runId), inArray(metric.key, keys)))
  const ofModel =
    args.loggedModelId === null
      ? []
      : await db
          .selectDistinctOn([loggedModelMetric.key], { key: loggedModelMetric.key, value: loggedModelMetric.value })
          .from(loggedModelMetric)
          .where(and(eq(loggedModelMetric.loggedModelId, args.loggedModelId), inArray(loggedModelMetric.key, keys)))
          .orderBy(asc(loggedModelMetric.key), desc(loggedModelMetric.step), desc(loggedModelMetric.atMs))
  return new Map([...ofRun, ...ofModel].map(({ key, value }) => [key, value]))
}

/** Add a registered version to the list that MLflow keeps on a logged model (`[{"name","version"}]` in one tag). */
export async function noteVersionOnLoggedModel(
  db: Db,
  args: { projectId: string; loggedModelId: string; name: string; version: number },
): Promise<void> {
  const { projectId, loggedModelId, name, version } = args
  const key = 'mlflow.modelVersions'
  await db.select({ id: loggedModel.id }).from(loggedModel).where(eq(loggedModel.id, loggedModelId)).for('update')
  const [before] = await db
    .select({ value: loggedModelTag.value })
    .from(loggedModelTag)
    .where(and(eq(loggedModelTag.loggedModelId, loggedModelId), eq(loggedModelTag.key, key)))
  const value = JSON.stringify([...listIn(before?.value), { name, version }])
  await db
    .insert(loggedModelTag)
    .values({ projectId, loggedModelId, key, value })
    .onConflictDoUpdate({ target: [loggedModelTag.loggedModelId, loggedModelTag.key], set: { value } })
}

/** A client may have written anything there; what is no list is begun anew. */
function listIn(text: string | undefined): unknown[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(list) ? list : []
  } catch {
    return []
  }
}
