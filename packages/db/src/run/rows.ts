import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { executePrepared } from '../prepared.ts'
import { run, runTag } from '../schema/index.ts'
import { arrayText } from './points.ts'
import { nextRevision } from './revision.ts'

type Pair = { key: string; value: string }

export type RunToBegin = Pick<
  typeof run.$inferInsert & { userName: string; startedAt: Date },
  'id' | 'projectId' | 'name' | 'userName' | 'createdBy' | 'createdAt' | 'startedAt'
>

/**
 * Begin a run with its tags, each key once, in the experiment of that number, which cannot be deleted meanwhile; in one
 * statement (`begin_run`, whose text is in migrations/0009_begin_run.sql). Answers the experiment; null when there is none of
 * that number or it is deleted.
 */
export async function beginRun(
  db: Db,
  args: { experiment: number; row: RunToBegin; tags: readonly Pair[] },
): Promise<{ id: string; name: string } | null> {
  const { row, tags } = args
  const [begun] = await executePrepared<{ experiment: { id: string; name: string } | null }>(
    db,
    sql`
    select begin_run(${row.projectId}, ${args.experiment}, ${row.id}, ${row.name}, ${row.userName},
      ${JSON.stringify(row.createdBy)}, ${row.createdAt.toISOString()}, ${row.startedAt.toISOString()},
      ${arrayText(tags.map(({ key }) => key))}, ${arrayText(tags.map(({ value }) => value))}) as experiment`,
  )
  return begun?.experiment ?? null
}

export type HeldRun = { deleted: boolean; jobId: string | null }

/**
 * Hold a run's row, at its next revision, until the transaction ends: whoever changes what hangs on a run does this first.
 * Says what writing to it takes: whether it is deleted, and its job. Null when there is no such run.
 */
export async function holdRun(db: Db, args: { projectId: string; runId: string }): Promise<HeldRun | null> {
  const [held] = await executePrepared<HeldRun>(
    db,
    sql`
    update run set revision = revision + 1 where id = ${args.runId} and project_id = ${args.projectId}
    returning deleted_at is not null as deleted, job_id as "jobId"`,
  )
  return held ?? null
}

export type RunChange = Partial<
  Pick<typeof run.$inferInsert, 'name' | 'status' | 'startedAt' | 'endedAt' | 'deletedAt'>
>

/** Change columns of a run. */
export async function updateRun(db: Db, args: { id: string; change: RunChange }): Promise<void> {
  if (Object.keys(args.change).length === 0) return
  await db
    .update(run)
    .set({ ...args.change, revision: nextRevision })
    .where(eq(run.id, args.id))
}

/** Whether the run had the tag. */
export async function deleteRunTag(db: Db, args: { runId: string; key: string }): Promise<boolean> {
  const { rowCount } = await db.delete(runTag).where(and(eq(runTag.runId, args.runId), eq(runTag.key, args.key)))
  return rowCount === 1
}

/** Mark all runs of an experiment deleted, or none of them. */
export async function setRunsDeleted(db: Db, args: { experimentId: string; at: Date | null }): Promise<void> {
  const change = args.at === null ? null : sql`coalesce(${run.deletedAt}, ${args.at.toISOString()}::timestamptz)`
  await db.update(run).set({ deletedAt: change, revision: nextRevision }).where(eq(run.experimentId, args.experimentId))
}
