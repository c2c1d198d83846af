import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { run, runTag } from '../schema/index.ts'

type Pair = { key: string; value: string }

/** A run with its tags, in the caller's transaction. */
export async function insertRun(db: Db, args: { row: typeof run.$inferInsert; tags: readonly Pair[] }): Promise<void> {
  const { row, tags } = args
  await db.insert(run).values(row)
  const rows = tags.map(({ key, value }) => ({ runId: row.id, projectId: row.projectId, key, value }))
  if (rows.length > 0) await db.insert(runTag).values(rows)
}

export type RunChange = Partial<
  Pick<typeof run.$inferInsert, 'name' | 'status' | 'startedAt' | 'endedAt' | 'deletedAt'>
>

/** Change columns of a run. */
export async function updateRun(db: Db, args: { id: string; change: RunChange }): Promise<void> {
  if (Object.keys(args.change).length > 0) await db.update(run).set(args.change).where(eq(run.id, args.id))
}

/** Whether the run had the tag. */
export async function deleteRunTag(db: Db, args: { runId: string; key: string }): Promise<boolean> {
  const { rowCount } = await db.delete(runTag).where(and(eq(runTag.runId, args.runId), eq(runTag.key, args.key)))
  return rowCount === 1
}

/** Mark all runs of an experiment deleted, or none of them. */
export async function setRunsDeleted(db: Db, args: { experimentId: string; at: Date | null }): Promise<void> {
  const change = args.at === null ? null : sql`coalesce(${run.deletedAt}, ${args.at.toISOString()}::timestamptz)`
  await db.update(run).set({ deletedAt: change }).where(eq(run.experimentId, args.experimentId))
}
