import { and, desc, eq, inArray, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { nextRevision } from '../run/revision.ts'
import { dataset, datasetVersion, experiment, loggedDataset, run, runDataset } from '../schema/index.ts'

export type LoggedDatasetInput = {
  /** Used when the experiment has no dataset of that name and digest yet. */
  id: string
  name: string
  digest: string
  sourceType: string
  source: string
  schema: string | null
  profile: string | null
  /** The version of ours that it is, if it is one. */
  datasetVersionId: string | null
  /** The tag `mlflow.data.context`. */
  context: string | null
  tags: { key: string; value: string }[]
}

/** What a run's lineage says of a dataset version that was logged without a context. */
const NO_CONTEXT = 'input'

/**
 * Say that a run read these datasets, in one statement; the transaction moves the run's revision. The first description of a dataset stands, and so do the tags of
 * the first time a run read it; all may be said again. What is a version of ours becomes lineage.
 */
export async function logDatasets(
  db: Db,
  args: { runId: string; datasets: readonly LoggedDatasetInput[]; now: Date },
): Promise<void> {
  if (args.datasets.length === 0) return
  const now = sql`${args.now.toISOString()}::timestamptz`
  await db.execute(sql`
    with of_run as (select id, project_id, experiment_id from run where id = ${args.runId}),
    -- Of one that is named twice in a call the first counts.
    incoming as (
      select distinct on (name, digest) * from rows from (
        jsonb_to_recordset(${JSON.stringify(args.datasets)}::jsonb) as (id text, name text, digest text,
          "sourceType" text, source text, schema text, profile text, "datasetVersionId" text, context text, tags jsonb))
        with ordinality as d(id, name, digest, "sourceType", source, schema, profile, "datasetVersionId", context, tags, nth)
      order by name, digest, nth),
    -- Setting the name to itself gives the row back when it exists; in order, so that two who log the same never wait in a ring.
    known as (
      insert into logged_dataset as l (id, project_id, experiment_id, name, digest, source_type, source, schema, profile,
        dataset_version_id, created_at)
      select i.id, r.project_id, r.experiment_id, i.name, i.digest, i."sourceType", i.source,
        i.schema, i.profile, i."datasetVersionId", ${now}
      from incoming i cross join of_run r order by i.name, i.digest
      on conflict (experiment_id, name, digest) do update set
        name = l.name, dataset_version_id = coalesce(l.dataset_version_id, excluded.dataset_version_id)
      returning id, name, digest, dataset_version_id),
    read as (
      insert into run_dataset (run_id, project_id, logged_dataset_id, context, tags, created_at)
      select r.id, r.project_id, k.id, i.context, i.tags, ${now}
      from incoming i join known k using (name, digest) cross join of_run r order by k.id
      on conflict do nothing returning logged_dataset_id, context)
    insert into run_input (run_id, project_id, dataset_version_id, context)
    select distinct r.id, r.project_id, k.dataset_version_id, coalesce(read.context, ${NO_CONTEXT})
    from read join known k on k.id = read.logged_dataset_id cross join of_run r
    where k.dataset_version_id is not null
    on conflict do nothing`)
}

/** Tie a run to the job in which it was made, with what that job reads. What the client said of its code stands. */
export async function tieRun(
  db: Db,
  args: { runId: string; jobId: string; codeCommit: string; seed: number; dataset: LoggedDatasetInput; now: Date },
): Promise<void> {
  const { runId, jobId, codeCommit, seed } = args
  await db
    .update(run)
    .set({
      jobId,
      seed,
      revision: nextRevision,
      codeCommit: sql`case when ${run.codeCommit} = '' then ${codeCommit} else ${run.codeCommit} end`,
    })
    .where(eq(run.id, runId))
  await logDatasets(db, { runId, datasets: [args.dataset], now: args.now })
}

export type VersionToRecognise = { id: string; name: string; version: number; sha256: string }

/** Versions of the project by id, or by the name of their dataset; the newest first. */
export async function listVersionsToRecognise(
  db: Db,
  args: { projectId: string; ids: readonly string[]; names: readonly string[] },
): Promise<VersionToRecognise[]> {
  const wanted: SQL[] = []
  if (args.ids.length > 0) wanted.push(inArray(datasetVersion.id, [...args.ids]))
  if (args.names.length > 0) wanted.push(inArray(dataset.name, [...args.names]))
  if (wanted.length === 0) return []
  return db
    .select({
      id: datasetVersion.id,
      name: dataset.name,
      version: datasetVersion.version,
      sha256: datasetVersion.sha256,
    })
    .from(datasetVersion)
    .innerJoin(dataset, eq(datasetVersion.datasetId, dataset.id))
    .where(and(eq(datasetVersion.projectId, args.projectId), or(...wanted)))
    .orderBy(desc(datasetVersion.version))
}

/** Which datasets were logged in these experiments, and as what; a type, so that a query may name it. */
export type DatasetSummary = { experimentNumber: number; name: string; digest: string; context: string | null }

export async function listDatasetSummaries(
  db: Db,
  args: { projectId: string; experimentNumbers: readonly number[]; limit: number },
): Promise<DatasetSummary[]> {
  if (args.experimentNumbers.length === 0) return []
  return db
    .selectDistinct({
      experimentNumber: experiment.number,
      name: loggedDataset.name,
      digest: loggedDataset.digest,
      context: runDataset.context,
    })
    .from(loggedDataset)
    .innerJoin(experiment, eq(loggedDataset.experimentId, experiment.id))
    .innerJoin(runDataset, eq(runDataset.loggedDatasetId, loggedDataset.id))
    .where(and(eq(loggedDataset.projectId, args.projectId), inArray(experiment.number, [...args.experimentNumbers])))
    .orderBy(experiment.number, loggedDataset.name, loggedDataset.digest, runDataset.context)
    .limit(args.limit)
}
