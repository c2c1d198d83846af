import { and, desc, eq, gte, lt, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { endpoint, feedback, prediction, variant } from '../schema/index.ts'

const columns = { prediction, endpoint: endpoint.name, variant: variant.number, truth: feedback.label }

function joined(db: Db) {
  return db
    .select(columns)
    .from(prediction)
    .innerJoin(endpoint, eq(prediction.endpointId, endpoint.id))
    .innerJoin(variant, eq(prediction.variantId, variant.id))
    .leftJoin(feedback, and(eq(feedback.predictionId, prediction.id), eq(feedback.projectId, prediction.projectId)))
}

/** Predictions of an endpoint, newest first, by keyset on (at, id). */
export async function listPredictionRows(
  db: Db,
  args: { projectId: string; endpointId: string; limit: number; before?: { at: Date; id: string } },
) {
  const { before } = args
  return joined(db)
    .where(
      and(
        eq(prediction.projectId, args.projectId),
        eq(prediction.endpointId, args.endpointId),
        before ? sql`(${prediction.at}, ${prediction.id}) < (${before.at}::timestamptz, ${before.id})` : undefined,
      ),
    )
    .orderBy(desc(prediction.at), desc(prediction.id))
    .limit(args.limit)
}

/** `from` and `to` bound its time, so that one partition is read and not all. */
export async function findPrediction(db: Db, args: { projectId: string; id: string; from: Date; to: Date }) {
  const [row] = await joined(db)
    .where(
      and(
        eq(prediction.id, args.id),
        eq(prediction.projectId, args.projectId),
        gte(prediction.at, args.from),
        lt(prediction.at, args.to),
      ),
    )
    .limit(1)
  return row ?? null
}
