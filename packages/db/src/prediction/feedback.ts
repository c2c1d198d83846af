import { inArray, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { feedback } from '../schema/index.ts'

export type Truth = { predictionId: string; projectId: string; label: string; at: Date; recordedAt: Date }

/** Insert labels; one that stands already stays as it is. Answers the ids that were new. */
export async function insertFeedback(db: Db, rows: Truth[]): Promise<Set<string>> {
  if (rows.length === 0) return new Set()
  const made = await db.insert(feedback).values(rows).onConflictDoNothing().returning({ id: feedback.predictionId })
  return new Set(made.map(({ id }) => id))
}

export async function findFeedback(db: Db, ids: string[]) {
  return ids.length === 0 ? [] : db.select().from(feedback).where(inArray(feedback.predictionId, ids))
}

/** Which of these predictions belong to some other project; `from` and `to` bound their times, for the partitions' sake. */
export async function foreignPredictions(
  db: Db,
  args: { projectId: string; ids: string[]; from: Date; to: Date },
): Promise<Set<string>> {
  if (args.ids.length === 0) return new Set()
  const { rows } = await db.execute<{ id: string }>(sql`
    select id from prediction where id = any(${sql.param(args.ids)}::text[])
      and at >= ${args.from} and at < ${args.to} and project_id <> ${args.projectId}`)
  return new Set(rows.map(({ id }) => id))
}
