import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { experiment, loggedModel, loggedModelParam, loggedModelTag } from '../schema/index.ts'

export type LoggedModelRow = typeof loggedModel.$inferSelect
type Pair = { key: string; value: string }

/** The experiment of that number that a client wants to write to, deleted or not. */
export async function findExperimentByNumber(db: Db, args: { projectId: string; number: number }) {
  const [row] = await db
    .select({ id: experiment.id, number: experiment.number, name: experiment.name, deletedAt: experiment.deletedAt })
    .from(experiment)
    .where(and(eq(experiment.projectId, args.projectId), eq(experiment.number, args.number)))
  return row ?? null
}

/** A logged model with its first parameters and tags; of a key that is there twice the last stands. */
export async function insertLoggedModel(
  db: Db,
  args: { row: typeof loggedModel.$inferInsert; params: readonly Pair[]; tags: readonly Pair[] },
): Promise<void> {
  const { row, params, tags } = args
  await db.insert(loggedModel).values(row)
  const owner = { id: row.id, projectId: row.projectId }
  await insertLoggedModelParams(db, { ...owner, params })
  await upsertLoggedModelTags(db, { ...owner, tags })
}

/** The model, held by the caller's transaction. */
export async function lockLoggedModel(db: Db, args: { projectId: string; id: string }): Promise<LoggedModelRow | null> {
  const [row] = await db
    .select()
    .from(loggedModel)
    .where(and(eq(loggedModel.projectId, args.projectId), eq(loggedModel.id, args.id)))
    .for('update')
  return row ?? null
}

export async function setLoggedModelStatus(
  db: Db,
  args: { id: string; status: LoggedModelRow['status']; now: Date },
): Promise<void> {
  await db.update(loggedModel).set({ status: args.status, updatedAt: args.now }).where(eq(loggedModel.id, args.id))
}

/** Files and metrics stay; what refers to it still finds it when it asks for deleted ones too. */
export async function markLoggedModelDeleted(db: Db, args: { id: string; now: Date }): Promise<void> {
  await db.update(loggedModel).set({ deletedAt: args.now, updatedAt: args.now }).where(eq(loggedModel.id, args.id))
}

/** Set tags; of a key that is there twice the last stands. In the order of the keys, so that writers never wait in a ring. */
export async function upsertLoggedModelTags(
  db: Db,
  args: { id: string; projectId: string; tags: readonly Pair[] },
): Promise<void> {
  const rows = rowsOf(args, args.tags)
  if (rows.length === 0) return
  await db
    .insert(loggedModelTag)
    .values(rows)
    .onConflictDoUpdate({
      target: [loggedModelTag.loggedModelId, loggedModelTag.key],
      set: { value: sql`excluded.value` },
    })
}

/** False when there was no such tag. */
export async function deleteLoggedModelTagRow(db: Db, args: { id: string; key: string }): Promise<boolean> {
  const gone = await db
    .delete(loggedModelTag)
    .where(and(eq(loggedModelTag.loggedModelId, args.id), eq(loggedModelTag.key, args.key)))
    .returning({ key: loggedModelTag.key })
  return gone.length > 0
}

/** Add parameters; answers the keys that have another value already, which stays. */
export async function insertLoggedModelParams(
  db: Db,
  args: { id: string; projectId: string; params: readonly Pair[] },
): Promise<string[]> {
  const rows = rowsOf(args, args.params)
  if (rows.length === 0) return []
  const made = await db
    .insert(loggedModelParam)
    .values(rows)
    // Setting it to itself gives the standing value back.
    .onConflictDoUpdate({
      target: [loggedModelParam.loggedModelId, loggedModelParam.key],
      set: { value: sql`${loggedModelParam.value}` },
    })
    .returning({ key: loggedModelParam.key, value: loggedModelParam.value })
  const wanted = new Map(rows.map(({ key, value }) => [key, value]))
  return made.filter(({ key, value }) => wanted.get(key) !== value).map(({ key }) => key)
}

function rowsOf(args: { id: string; projectId: string }, pairs: readonly Pair[]) {
  const last = new Map(pairs.map(({ key, value }) => [key, value]))
  return [...last]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => ({ loggedModelId: args.id, projectId: args.projectId, key, value }))
}
