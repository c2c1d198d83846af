import { and, asc, eq, inArray, isNull, ne, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { approval, model, modelAlias, modelVersion } from '../schema/index.ts'

export type ModelRow = typeof model.$inferSelect

/** The registered model of that name that is not deleted, locked for this transaction: its versions are changed one by one. */
export async function lockModelNamed(db: Db, args: { projectId: string; name: string }): Promise<ModelRow | null> {
  const [row] = await db
    .select()
    .from(model)
    .where(and(eq(model.projectId, args.projectId), eq(model.name, args.name), isNull(model.deletedAt)))
    .for('update')
  return row ?? null
}

/** The id of a registered model; null for deleted ones too. */
export async function findModelNamed(db: Db, args: { projectId: string; name: string }): Promise<string | null> {
  const [row] = await db
    .select({ id: model.id })
    .from(model)
    .where(and(eq(model.projectId, args.projectId), eq(model.name, args.name), isNull(model.deletedAt)))
  return row?.id ?? null
}

/** Whether the row was new; the name of a model that is not deleted is taken once. */
export async function insertModel(db: Db, row: typeof model.$inferInsert): Promise<boolean> {
  const made = await db
    .insert(model)
    .values(row)
    .onConflictDoNothing({ target: [model.projectId, model.name], where: isNull(model.deletedAt) })
    .returning({ id: model.id })
  return made.length === 1
}

export async function patchModel(
  db: Db,
  args: { id: string; set: Partial<Pick<ModelRow, 'name' | 'description' | 'updatedAt'>> },
): Promise<void> {
  await db.update(model).set(args.set).where(eq(model.id, args.id))
}

/** Take a model with its versions out of sight; their aliases go, their numbers and files stay on record. */
export async function deleteModelRows(db: Db, args: { id: string; now: Date }): Promise<void> {
  const { id, now } = args
  await db.delete(modelAlias).where(eq(modelAlias.modelId, id))
  const versions = db.select({ id: modelVersion.id }).from(modelVersion).where(eq(modelVersion.modelId, id))
  await voidApprovals(db, inArray(approval.modelVersionId, versions))
  await db
    .update(modelVersion)
    .set({ deletedAt: now })
    .where(and(eq(modelVersion.modelId, id), isNull(modelVersion.deletedAt)))
  await db.update(model).set({ deletedAt: now, updatedAt: now }).where(eq(model.id, id))
}

/** The same for one version. */
export async function deleteVersionRows(db: Db, args: { id: string; now: Date }): Promise<void> {
  await db.delete(modelAlias).where(eq(modelAlias.modelVersionId, args.id))
  await voidApprovals(db, eq(approval.modelVersionId, args.id))
  await db
    .update(modelVersion)
    .set({ deletedAt: args.now, updatedAt: args.now, revision: sql`${modelVersion.revision} + 1` })
    .where(eq(modelVersion.id, args.id))
}

/** Nobody is asked any more about what is gone. */
async function voidApprovals(db: Db, of: SQL): Promise<void> {
  await db
    .update(approval)
    .set({ state: 'void' })
    .where(and(of, eq(approval.state, 'requested')))
}

export async function patchVersion(
  db: Db,
  args: {
    id: string
    set: Partial<Pick<typeof modelVersion.$inferSelect, 'description' | 'mlflowStage' | 'updatedAt'>>
  },
): Promise<void> {
  await db
    .update(modelVersion)
    .set({ ...args.set, revision: sql`${modelVersion.revision} + 1` })
    .where(eq(modelVersion.id, args.id))
}

/** Archive the other versions of a model that carry the stage. */
export async function archiveOthers(
  db: Db,
  args: { modelId: string; exceptId: string; mlflowStage: 'Staging' | 'Production'; now: Date },
): Promise<{ id: string; version: number }[]> {
  return db
    .update(modelVersion)
    .set({ mlflowStage: 'Archived', updatedAt: args.now, revision: sql`${modelVersion.revision} + 1` })
    .where(
      and(
        eq(modelVersion.modelId, args.modelId),
        eq(modelVersion.mlflowStage, args.mlflowStage),
        ne(modelVersion.id, args.exceptId),
        isNull(modelVersion.deletedAt),
      ),
    )
    .returning({ id: modelVersion.id, version: modelVersion.version })
}

/** Ids of the versions of a model that are not deleted. */
export async function listVersionIds(db: Db, modelId: string): Promise<string[]> {
  const rows = await db
    .select({ id: modelVersion.id })
    .from(modelVersion)
    .where(and(eq(modelVersion.modelId, modelId), isNull(modelVersion.deletedAt)))
    .orderBy(asc(modelVersion.version))
  return rows.map(({ id }) => id)
}

/** Of every stage that any version carries the newest version, oldest first; of the given stages only, where given. */
export async function latestPerStage(
  db: Db,
  args: { modelId: string; stages?: (typeof modelVersion.$inferSelect)['mlflowStage'][] },
): Promise<string[]> {
  const newest = db
    .selectDistinctOn([modelVersion.mlflowStage], { id: modelVersion.id, version: modelVersion.version })
    .from(modelVersion)
    .where(
      and(
        eq(modelVersion.modelId, args.modelId),
        isNull(modelVersion.deletedAt),
        args.stages === undefined ? undefined : inArray(modelVersion.mlflowStage, args.stages),
      ),
    )
    .orderBy(modelVersion.mlflowStage, sql`${modelVersion.version} desc`)
    .as('newest')
  const rows = await db.select({ id: newest.id }).from(newest).orderBy(asc(newest.version))
  return rows.map(({ id }) => id)
}
