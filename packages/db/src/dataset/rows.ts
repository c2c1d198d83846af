import { and, desc, eq, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { dataset, datasetVersion, modelVersion, runInput } from '../schema/index.ts'

export type DatasetVersionRow = typeof datasetVersion.$inferSelect
export type NamedDatasetVersion = { version: DatasetVersionRow; name: string }

/** The dataset of that name, made when there is none; its row stays locked, so version numbers are given one by one. */
export async function lockDataset(
  db: Db,
  args: { projectId: string; name: string; newId: string; now: Date },
): Promise<{ id: string }> {
  const { projectId, name } = args
  await db
    .insert(dataset)
    .values({ id: args.newId, projectId, name, createdAt: args.now })
    .onConflictDoNothing({ target: [dataset.projectId, dataset.name] })
  const [found] = await db
    .select({ id: dataset.id })
    .from(dataset)
    .where(and(eq(dataset.projectId, projectId), eq(dataset.name, name)))
    .for('update')
  if (!found) throw new Error(`dataset ${name} was not returned`)
  return found
}

/** Add the next version of a locked dataset. */
export async function insertDatasetVersion(
  db: Db,
  row: Omit<typeof datasetVersion.$inferInsert, 'version'>,
): Promise<number> {
  const next = sql`(select coalesce(max(version), 0) + 1 from dataset_version where dataset_id = ${row.datasetId})`
  const [made] = await db
    .insert(datasetVersion)
    .values({ ...row, version: next as unknown as number })
    .returning({ version: datasetVersion.version })
  if (!made) throw new Error('the dataset version was not returned')
  return made.version
}

/** The version of a dataset that was made from the same bytes with the same settings. */
export async function findSameVersion(
  db: Db,
  args: { projectId: string; name: string; settingsHash: string },
): Promise<{ id: string } | null> {
  const [row] = await db
    .select({ id: datasetVersion.id })
    .from(datasetVersion)
    .innerJoin(dataset, eq(datasetVersion.datasetId, dataset.id))
    .where(
      and(
        eq(dataset.projectId, args.projectId),
        eq(dataset.name, args.name),
        sql`${datasetVersion.split}->>'settingsHash' = ${args.settingsHash}`,
      ),
    )
  return row ?? null
}

/** A version by its id, or by the dataset's name and its number. */
export async function findDatasetVersion(
  db: Db,
  args: { projectId: string } & ({ id: string } | { name: string; version: number }),
): Promise<NamedDatasetVersion | null> {
  const which =
    'id' in args
      ? eq(datasetVersion.id, args.id)
      : and(eq(dataset.name, args.name), eq(datasetVersion.version, args.version))
  const [row] = await db
    .select({ version: datasetVersion, name: dataset.name })
    .from(datasetVersion)
    .innerJoin(dataset, eq(datasetVersion.datasetId, dataset.id))
    .where(and(eq(datasetVersion.projectId, args.projectId), which))
  return row ?? null
}

/** A version by its id alone, for what follows lineage without a caller. */
export async function findDatasetVersionRow(db: Db, id: string): Promise<DatasetVersionRow | null> {
  const [row] = await db.select().from(datasetVersion).where(eq(datasetVersion.id, id))
  return row ?? null
}

/** Datasets by name, each with its newest version and how many there are. */
export async function listDatasets(db: Db, projectId: string) {
  const newest = db
    .selectDistinctOn([datasetVersion.datasetId], {
      id: datasetVersion.id,
      datasetId: datasetVersion.datasetId,
      version: datasetVersion.version,
      rows: datasetVersion.rows,
      columns: sql<number>`jsonb_array_length(${datasetVersion.columns})`.as('column_count'),
      blocked: datasetVersion.blocked,
      createdAt: datasetVersion.createdAt,
      versions: sql<number>`count(*) over (partition by ${datasetVersion.datasetId})`.as('versions'),
    })
    .from(datasetVersion)
    .where(eq(datasetVersion.projectId, projectId))
    .orderBy(datasetVersion.datasetId, desc(datasetVersion.version))
    .as('newest')
  const { versions, datasetId: _, ...latest } = newest._.selectedFields
  return db
    .select({ id: dataset.id, name: dataset.name, versions, latest })
    .from(dataset)
    .innerJoin(newest, eq(newest.datasetId, dataset.id))
    .where(eq(dataset.projectId, projectId))
    .orderBy(dataset.name)
}

const MAX_USERS = 200

/** Newest runs that read a version, and newest model versions that came of it. */
export async function usersOfDatasetVersion(db: Db, id: string): Promise<{ runs: string[]; modelVersions: string[] }> {
  const runs = await db
    .selectDistinct({ id: runInput.runId })
    .from(runInput)
    .where(eq(runInput.datasetVersionId, id))
    .orderBy(desc(runInput.runId))
    .limit(MAX_USERS)
  const models = await db
    .select({ id: modelVersion.id })
    .from(modelVersion)
    .where(eq(modelVersion.datasetVersionId, id))
    .orderBy(desc(modelVersion.id))
    .limit(MAX_USERS)
  return { runs: runs.map((row) => row.id), modelVersions: models.map((row) => row.id) }
}
