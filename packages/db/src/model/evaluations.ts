import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { evaluation, modelVersion, outbox } from '../schema/index.ts'

/** What is announced for the worker and not yet done for a version, under a topic of evaluations; null when nothing is. */
export async function findQueuedFor(db: Db, args: { topic: string; modelVersionId: string }) {
  const [row] = await db
    .select({ id: outbox.id, payload: outbox.payload, createdAt: outbox.createdAt })
    .from(outbox)
    .where(
      and(
        eq(outbox.topic, args.topic),
        isNull(outbox.doneAt),
        sql`${outbox.payload}->>'modelVersionId' = ${args.modelVersionId}`,
      ),
    )
    .limit(1)
  return row ?? null
}

/** Write how a version's gates stand. */
export async function storeGates(
  db: Db,
  args: { modelVersionId: string; now: Date } & Pick<typeof modelVersion.$inferSelect, 'gates' | 'gatesPassed'>,
): Promise<void> {
  const { modelVersionId, now, gates, gatesPassed } = args
  await db
    .update(modelVersion)
    .set({ gates, gatesPassed, updatedAt: now, revision: sql`${modelVersion.revision} + 1` })
    .where(eq(modelVersion.id, modelVersionId))
}

/** Write a version's evaluation on a part in place of an earlier one, with how its gates are judged since. */
export async function storeEvaluation(
  db: Db,
  args: {
    evaluation: typeof evaluation.$inferInsert
    judged: Pick<typeof modelVersion.$inferSelect, 'gates' | 'gatesPassed' | 'classes' | 'datasetVersionId'>
  },
): Promise<void> {
  const { report, datasetVersionId, createdAt } = args.evaluation
  await db
    .insert(evaluation)
    .values(args.evaluation)
    .onConflictDoUpdate({
      target: [evaluation.modelVersionId, evaluation.split],
      set: { report, datasetVersionId, createdAt },
    })
  await db
    .update(modelVersion)
    .set({ ...args.judged, updatedAt: createdAt, revision: sql`${modelVersion.revision} + 1` })
    .where(eq(modelVersion.id, args.evaluation.modelVersionId))
}
