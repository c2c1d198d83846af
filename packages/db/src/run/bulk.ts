import { and, asc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { run } from '../schema/index.ts'
import { nextRevision } from './revision.ts'

type Runs = { projectId: string; ids: readonly string[] }

/** Those of the runs that the project has, held until the transaction ends: always in the order of ids, so that two of these never wait for each other. */
export async function holdRuns(
  db: Db,
  { projectId, ids }: Runs,
): Promise<{ id: string; deleted: boolean; jobId: string | null }[]> {
  const rows = await db
    .select({ id: run.id, deletedAt: run.deletedAt, jobId: run.jobId })
    .from(run)
    .where(and(eq(run.projectId, projectId), inArray(run.id, [...ids])))
    .orderBy(asc(run.id))
    .for('update')
  return rows.map(({ id, deletedAt, jobId }) => ({ id, deleted: deletedAt !== null, jobId }))
}

/** Delete the runs as of `at`, or bring them back where it is null; answers those that were not so already. */
export async function setDeletedOfRuns(db: Db, { projectId, ids, at }: Runs & { at: Date | null }): Promise<string[]> {
  const changed = await db
    .update(run)
    .set({ deletedAt: at, revision: nextRevision })
    .where(
      and(
        ...[eq(run.projectId, projectId), inArray(run.id, [...ids])],
        at === null ? isNotNull(run.deletedAt) : isNull(run.deletedAt),
      ),
    )
    .returning({ id: run.id })
  return changed.map(({ id }) => id)
}

/** Put a tag on the runs, in place of one of its key; answers those that did not carry it with that value already. */
export async function putTagOnRuns(
  db: Db,
  { projectId, ids, key, value }: Runs & { key: string; value: string },
): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    with tagged as (
      insert into run_tag as t (run_id, project_id, key, value)
      select id, ${projectId}, ${key}, ${value} from unnest(${sql.param([...ids])}::text[]) as wanted(id)
      on conflict (run_id, key) do update set value = excluded.value where t.value <> excluded.value
      returning run_id)
    update run set revision = ${nextRevision} where id in (select run_id from tagged) returning id`)
  return rows.map(({ id }) => id)
}
