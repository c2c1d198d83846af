import { and, asc, desc, eq, gt, lte, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { driftReport, endpoint, modelVersion, prediction, variant } from '../schema/index.ts'

export type DriftRow = typeof driftReport.$inferSelect

/** Endpoints with the variant that serves most traffic and the dataset version it was trained on. */
export async function listMonitored(db: Db) {
  return db
    .select({ endpoint, variant, modelVersion })
    .from(endpoint)
    .innerJoin(variant, eq(variant.id, endpoint.stableVariantId))
    .innerJoin(modelVersion, eq(modelVersion.id, variant.modelVersionId))
    .orderBy(asc(endpoint.id))
}

/** Reports of one variant, newest first. */
export async function latestReports(
  db: Db,
  args: { endpointId: string; variantId: string; limit: number },
): Promise<DriftRow[]> {
  return db
    .select()
    .from(driftReport)
    .where(and(eq(driftReport.endpointId, args.endpointId), eq(driftReport.variantId, args.variantId)))
    .orderBy(desc(driftReport.windowTo))
    .limit(args.limit)
}

export async function countPredictions(
  db: Db,
  args: { endpointId: string; variantId: string; from: Date; to: Date },
): Promise<number> {
  const [row] = await db.select({ n: sql<number>`count(*)::int` }).from(prediction).where(inWindow(args))
  return row?.n ?? 0
}

/** Newest rows of a window, back in order of time. */
export async function readWindow(
  db: Db,
  args: { endpointId: string; variantId: string; from: Date; to: Date; limit: number },
) {
  const rows = await db
    .select({ at: prediction.at, features: prediction.features, label: prediction.label })
    .from(prediction)
    .where(inWindow(args))
    .orderBy(desc(prediction.at), desc(prediction.id))
    .limit(args.limit)
  return rows.reverse()
}

const inWindow = (args: { endpointId: string; variantId: string; from: Date; to: Date }) =>
  and(
    eq(prediction.endpointId, args.endpointId),
    eq(prediction.variantId, args.variantId),
    gt(prediction.at, args.from),
    lte(prediction.at, args.to),
  )

/** False when another worker reported this window first. */
export async function insertReport(db: Db, row: typeof driftReport.$inferInsert): Promise<boolean> {
  const rows = await db
    .insert(driftReport)
    .values(row)
    .onConflictDoNothing({ target: [driftReport.endpointId, driftReport.variantId, driftReport.windowTo] })
    .returning({ id: driftReport.id })
  return rows.length === 1
}

export async function listReports(db: Db, args: { projectId: string; endpointId: string; limit: number }) {
  return db
    .select({
      id: driftReport.id,
      windowTo: driftReport.windowTo,
      verdict: driftReport.verdict,
      drifted: driftReport.drifted,
      maxD: driftReport.maxD,
    })
    .from(driftReport)
    .where(and(eq(driftReport.projectId, args.projectId), eq(driftReport.endpointId, args.endpointId)))
    .orderBy(desc(driftReport.windowTo))
    .limit(args.limit)
}

export async function findReport(db: Db, args: { projectId: string; id: string }) {
  const [row] = await db
    .select({ report: driftReport, endpoint: endpoint.name, variant: variant.number })
    .from(driftReport)
    .innerJoin(endpoint, eq(endpoint.id, driftReport.endpointId))
    .innerJoin(variant, eq(variant.id, driftReport.variantId))
    .where(and(eq(driftReport.projectId, args.projectId), eq(driftReport.id, args.id)))
  return row ?? null
}
