import type { Kpi } from '@modelyard/domain'
import { and, asc, count, desc, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import {
  dataset,
  datasetVersion,
  endpoint,
  evaluation,
  model,
  modelVersion,
  project,
  variant,
} from '../schema/index.ts'
import { insertModel, lockModelNamed } from './registry.ts'

export type ModelVersionRow = typeof modelVersion.$inferSelect
export type EvaluationRow = typeof evaluation.$inferSelect
export type NamedModelVersion = { version: ModelVersionRow; model: string }

/** The model of that name, made when there is none; its row stays locked, so version numbers are given one by one. */
export async function lockModel(
  db: Db,
  args: { projectId: string; name: string; newId: string; now: Date },
): Promise<{ id: string; isNew: boolean }> {
  const { projectId, name, now } = args
  const isNew = await insertModel(db, { id: args.newId, projectId, name, createdAt: now, updatedAt: now })
  const found = await lockModelNamed(db, { projectId, name })
  if (!found) throw new Error(`model ${name} was not returned`)
  return { id: found.id, isNew }
}

/** Add the next version of a locked model, with its evaluations; numbers of deleted versions are not given again. */
export async function insertModelVersion(
  db: Db,
  row: Omit<typeof modelVersion.$inferInsert, 'version'>,
  evaluations: Omit<typeof evaluation.$inferInsert, 'modelVersionId'>[],
): Promise<number> {
  const next = sql`(select coalesce(max(version), 0) + 1 from model_version where model_id = ${row.modelId})`
  const [made] = await db
    .insert(modelVersion)
    .values({ ...row, updatedAt: row.createdAt, version: next as unknown as number })
    .returning({ version: modelVersion.version })
  if (!made) throw new Error('the model version was not returned')
  await db.update(model).set({ updatedAt: row.createdAt }).where(eq(model.id, row.modelId))
  if (evaluations.length > 0)
    await db.insert(evaluation).values(evaluations.map((each) => ({ ...each, modelVersionId: row.id })))
  return made.version
}

export async function findVersionOfJob(db: Db, jobId: string): Promise<{ id: string } | null> {
  const [row] = await db.select({ id: modelVersion.id }).from(modelVersion).where(eq(modelVersion.jobId, jobId))
  return row ?? null
}

/** Versions that are not deleted; those of a deleted model are deleted with it. */
const named = (db: Db, condition: SQL | undefined) =>
  db
    .select({ version: modelVersion, model: model.name })
    .from(modelVersion)
    .innerJoin(model, eq(modelVersion.modelId, model.id))
    .where(and(isNull(modelVersion.deletedAt), condition))

/** A version by its id, or by the model's name and its number. */
export async function findModelVersion(
  db: Db,
  args: { projectId: string } & ({ id: string } | { model: string; version: number }),
): Promise<NamedModelVersion | null> {
  const which =
    'id' in args
      ? eq(modelVersion.id, args.id)
      : and(eq(model.name, args.model), eq(modelVersion.version, args.version))
  const [row] = await named(db, and(eq(modelVersion.projectId, args.projectId), which))
  return row ?? null
}

/** The same by id, locked for this transaction: whoever changes its stage waits. */
export async function lockModelVersion(
  db: Db,
  args: { projectId: string; id: string },
): Promise<NamedModelVersion | null> {
  const which = and(eq(modelVersion.projectId, args.projectId), eq(modelVersion.id, args.id))
  const [row] = await named(db, which).for('update', { of: modelVersion })
  return row ?? null
}

/** Versions of a project newest first, of one model or all, each model's newest only if asked. */
export async function listModelVersions(
  db: Db,
  args: { projectId: string; model?: string; newestOnly?: boolean; limit: number },
): Promise<NamedModelVersion[]> {
  const newest = sql`${modelVersion.version} = (select max(version) from model_version o
    where o.model_id = ${model.id} and o.deleted_at is null)`
  const which = and(
    eq(modelVersion.projectId, args.projectId),
    args.model === undefined ? undefined : eq(model.name, args.model),
    args.newestOnly ? newest : undefined,
  )
  return named(db, which).orderBy(asc(model.name), desc(modelVersion.version)).limit(args.limit)
}

/** Models by name with how many versions each has. */
export async function listModels(db: Db, projectId: string) {
  return db
    .select({ id: model.id, name: model.name, versions: count(modelVersion.id) })
    .from(model)
    .leftJoin(modelVersion, and(eq(modelVersion.modelId, model.id), isNull(modelVersion.deletedAt)))
    .where(and(eq(model.projectId, projectId), isNull(model.deletedAt)))
    .groupBy(model.id, model.name)
    .orderBy(asc(model.name))
}

export async function listEvaluations(db: Db, modelVersionIds: string[]): Promise<EvaluationRow[]> {
  if (modelVersionIds.length === 0) return []
  return db
    .select()
    .from(evaluation)
    .where(inArray(evaluation.modelVersionId, modelVersionIds))
    .orderBy(asc(evaluation.split))
}

/** Where versions take traffic at this moment. */
export async function listLiveOn(db: Db, modelVersionIds: string[]) {
  if (modelVersionIds.length === 0) return []
  return db
    .select({
      modelVersionId: variant.modelVersionId,
      endpointId: endpoint.id,
      endpoint: endpoint.name,
      variant: variant.number,
      isStable: sql<boolean>`${endpoint.stableVariantId} = ${variant.id}`,
    })
    .from(variant)
    .innerJoin(endpoint, or(eq(endpoint.stableVariantId, variant.id), eq(endpoint.canaryVariantId, variant.id)))
    .where(inArray(variant.modelVersionId, modelVersionIds))
    .orderBy(asc(endpoint.name), asc(variant.number))
}

/** The signature that an endpoint serves of this model now; the newest endpoint's where there are several. */
export async function findServingSignature(db: Db, modelId: string): Promise<ModelVersionRow['signature'] | null> {
  const [row] = await db
    .select({ signature: modelVersion.signature })
    .from(endpoint)
    .innerJoin(variant, eq(endpoint.stableVariantId, variant.id))
    .innerJoin(modelVersion, eq(variant.modelVersionId, modelVersion.id))
    .where(eq(modelVersion.modelId, modelId))
    .orderBy(desc(endpoint.id))
    .limit(1)
  return row?.signature ?? null
}

export async function findDatasetOf(db: Db, datasetVersionId: string) {
  const [row] = await db
    .select({ name: dataset.name, version: datasetVersion.version })
    .from(datasetVersion)
    .innerJoin(dataset, eq(datasetVersion.datasetId, dataset.id))
    .where(eq(datasetVersion.id, datasetVersionId))
  return row ?? null
}

/** What a version of this project is judged by. */
export async function findProjectKpis(db: Db, projectId: string): Promise<Kpi[]> {
  const [row] = await db.select({ kpis: project.kpis }).from(project).where(eq(project.id, projectId))
  if (!row) throw new Error(`there is no project ${projectId}`)
  return row.kpis as Kpi[]
}
