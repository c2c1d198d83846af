import { eq, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { modelVersion } from '../schema/index.ts'

/** Replace what people wrote on the card of a version that is locked. */
export async function updateModelCard(
  db: Db,
  args: { modelVersionId: string; card: Record<string, string>; now: Date },
): Promise<void> {
  await db
    .update(modelVersion)
    .set({ card: args.card, updatedAt: args.now, revision: sql`${modelVersion.revision} + 1` })
    .where(eq(modelVersion.id, args.modelVersionId))
}
