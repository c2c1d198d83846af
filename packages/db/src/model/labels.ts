import { and, asc, eq, inArray } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { modelAlias, modelTag, modelVersion, modelVersionTag } from '../schema/index.ts'
import type { ModelVersionRow } from './rows.ts'

export type RegistryTag = { key: string; value: string }
type OfModel = { projectId: string; modelId: string }
type OfVersion = { projectId: string; modelVersionId: string }

/** Set tags of a registered model; one that is there takes the new value. */
export async function setModelTags(db: Db, args: OfModel & { tags: readonly RegistryTag[] }): Promise<void> {
  for (const { key, value } of args.tags)
    await db
      .insert(modelTag)
      .values({ modelId: args.modelId, projectId: args.projectId, key, value })
      .onConflictDoUpdate({ target: [modelTag.modelId, modelTag.key], set: { value } })
}

/** Whether there was one. */
export async function deleteModelTag(db: Db, args: { modelId: string; key: string }): Promise<boolean> {
  const gone = await db
    .delete(modelTag)
    .where(and(eq(modelTag.modelId, args.modelId), eq(modelTag.key, args.key)))
    .returning({ key: modelTag.key })
  return gone.length === 1
}

/** Set tags of a version; one that is there takes the new value. */
export async function setVersionTags(db: Db, args: OfVersion & { tags: readonly RegistryTag[] }): Promise<void> {
  for (const { key, value } of args.tags)
    await db
      .insert(modelVersionTag)
      .values({ modelVersionId: args.modelVersionId, projectId: args.projectId, key, value })
      .onConflictDoUpdate({ target: [modelVersionTag.modelVersionId, modelVersionTag.key], set: { value } })
}

/** Whether there was one. */
export async function deleteVersionTag(db: Db, args: { modelVersionId: string; key: string }): Promise<boolean> {
  const gone = await db
    .delete(modelVersionTag)
    .where(and(eq(modelVersionTag.modelVersionId, args.modelVersionId), eq(modelVersionTag.key, args.key)))
    .returning({ key: modelVersionTag.key })
  return gone.length === 1
}

/** Point an alias of a model at one of its versions, wherever it pointed before. */
export async function setAlias(
  db: Db,
  args: OfModel & { alias: string; modelVersionId: string; now: Date },
): Promise<void> {
  const { modelVersionId, now, ...row } = args
  await db
    .insert(modelAlias)
    .values({ ...row, modelVersionId, updatedAt: now })
    .onConflictDoUpdate({
      target: [modelAlias.modelId, modelAlias.alias],
      set: { modelVersionId, updatedAt: now },
    })
}

/** Whether there was one. */
export async function deleteAlias(db: Db, args: { modelId: string; alias: string }): Promise<boolean> {
  const gone = await db
    .delete(modelAlias)
    .where(and(eq(modelAlias.modelId, args.modelId), eq(modelAlias.alias, args.alias)))
    .returning({ alias: modelAlias.alias })
  return gone.length === 1
}

/** The version an alias points at. */
export async function findAlias(
  db: Db,
  args: { modelId: string; alias: string },
): Promise<Pick<ModelVersionRow, 'id' | 'version' | 'projectId' | 'jobId' | 'runId'> | null> {
  const { id, version, projectId, jobId, runId } = modelVersion
  const [row] = await db
    .select({ id, version, projectId, jobId, runId })
    .from(modelAlias)
    .innerJoin(modelVersion, eq(modelAlias.modelVersionId, modelVersion.id))
    .where(and(eq(modelAlias.modelId, args.modelId), eq(modelAlias.alias, args.alias)))
  return row ?? null
}

/** Aliases that point at these versions, by name. */
export async function aliasesOf(
  db: Db,
  modelVersionIds: string[],
): Promise<{ alias: string; modelVersionId: string }[]> {
  if (modelVersionIds.length === 0) return []
  return db
    .select({ alias: modelAlias.alias, modelVersionId: modelAlias.modelVersionId })
    .from(modelAlias)
    .where(inArray(modelAlias.modelVersionId, modelVersionIds))
    .orderBy(asc(modelAlias.alias))
}
