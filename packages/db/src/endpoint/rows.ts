import { and, asc, desc, eq, inArray, isNotNull, isNull, ne, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { endpoint, model, modelVersion, rollout, routing, variant } from '../schema/index.ts'

export type EndpointRow = typeof endpoint.$inferSelect
export type VariantRow = typeof variant.$inferSelect
/** A variant with the model version it serves. */
export type DeployedVariant = VariantRow & { model: string; modelVersion: number }

/** `lock` takes the row for this transaction: whoever changes its routing waits. */
export async function findEndpoint(
  db: Db,
  args: { projectId: string; endpointId: string; lock?: boolean },
): Promise<EndpointRow | null> {
  const query = db
    .select()
    .from(endpoint)
    .where(and(eq(endpoint.id, args.endpointId), eq(endpoint.projectId, args.projectId)))
  const [row] = await (args.lock ? query.for('update') : query)
  return row ?? null
}

export async function listEndpointRows(db: Db, projectId: string): Promise<EndpointRow[]> {
  return db.select().from(endpoint).where(eq(endpoint.projectId, projectId)).orderBy(asc(endpoint.name))
}

/** All variants of these endpoints, oldest first. */
export async function listVariants(db: Db, endpointIds: string[]): Promise<DeployedVariant[]> {
  if (endpointIds.length === 0) return []
  const rows = await db
    .select({ variant, model: model.name, modelVersion: modelVersion.version })
    .from(variant)
    .innerJoin(modelVersion, eq(variant.modelVersionId, modelVersion.id))
    .innerJoin(model, eq(modelVersion.modelId, model.id))
    .where(inArray(variant.endpointId, endpointIds))
    .orderBy(asc(variant.endpointId), asc(variant.number))
  return rows.map((row) => ({ ...row.variant, model: row.model, modelVersion: row.modelVersion }))
}

/** Add the next revision of an endpoint whose row the caller has locked. */
export async function insertVariant(
  db: Db,
  row: Omit<VariantRow, 'number' | 'rolledBackAt'> & { stableSince: Date | null },
): Promise<VariantRow> {
  const [newest] = await db
    .select({ number: variant.number })
    .from(variant)
    .where(eq(variant.endpointId, row.endpointId))
    .orderBy(desc(variant.number))
    .limit(1)
  const [made] = await db
    .insert(variant)
    .values({ ...row, number: (newest?.number ?? 0) + 1 })
    .returning()
  if (!made) throw new Error('the variant was not returned')
  return made
}

/** The newest variant that once carried all traffic, was never rolled back, and is not `exceptId`. */
export async function findLastGood(db: Db, args: { endpointId: string; exceptId: string }): Promise<VariantRow | null> {
  const [row] = await db
    .select()
    .from(variant)
    .where(
      and(
        eq(variant.endpointId, args.endpointId),
        ne(variant.id, args.exceptId),
        isNotNull(variant.stableSince),
        isNull(variant.rolledBackAt),
      ),
    )
    .orderBy(desc(variant.stableSince), desc(variant.number))
    .limit(1)
  return row ?? null
}

export async function markStable(db: Db, args: { variantId: string; at: Date }): Promise<void> {
  await db.update(variant).set({ stableSince: args.at, rolledBackAt: null }).where(eq(variant.id, args.variantId))
}

export async function markRolledBack(db: Db, args: { variantId: string; at: Date | null }): Promise<void> {
  await db.update(variant).set({ rolledBackAt: args.at }).where(eq(variant.id, args.variantId))
}

export type RoutingChange = {
  stableVariantId: string
  canaryVariantId: string | null
  canaryBps: number
  pinnedAt: Date | null
}

/**
 * Swap an endpoint's routing if its revision is still the one the caller decided on, and keep it in the history.
 * Null: somebody else changed it meanwhile, and nothing happened.
 */
export async function swapRouting(
  db: Db,
  args: { before: EndpointRow; next: RoutingChange; cause: string; at: Date },
): Promise<EndpointRow | null> {
  const { before, next, cause, at } = args
  const [row] = await db
    .update(endpoint)
    .set({ ...next, generation: sql`${endpoint.generation} + 1`, revision: sql`${endpoint.revision} + 1` })
    .where(and(eq(endpoint.id, before.id), eq(endpoint.revision, before.revision)))
    .returning()
  if (!row) return null
  await insertRouting(db, { endpoint: row, cause, at })
  return row
}

export async function insertRouting(db: Db, args: { endpoint: EndpointRow; cause: string; at: Date }): Promise<void> {
  const { id, generation, projectId } = args.endpoint
  await db.insert(routing).values({
    endpointId: id,
    generation,
    projectId,
    weights: weightsOf(args.endpoint),
    cause: args.cause,
    at: args.at,
  })
}

/** Shares of an endpoint as its row says, the stable variant last. */
export function weightsOf(row: Pick<EndpointRow, 'stableVariantId' | 'canaryVariantId' | 'canaryBps'>) {
  const stable = { variantId: row.stableVariantId, weightBps: 10_000 - (row.canaryVariantId ? row.canaryBps : 0) }
  return row.canaryVariantId ? [{ variantId: row.canaryVariantId, weightBps: row.canaryBps }, stable] : [stable]
}

export async function findRouting(db: Db, args: { endpointId: string; generation: number }) {
  const [row] = await db
    .select()
    .from(routing)
    .where(and(eq(routing.endpointId, args.endpointId), eq(routing.generation, args.generation)))
  return row ?? null
}

/** Rollouts of these endpoints in short, newest first. */
export async function listRolloutHeads(db: Db, endpointIds: string[]) {
  if (endpointIds.length === 0) return []
  return db
    .select({
      id: rollout.id,
      endpointId: rollout.endpointId,
      number: rollout.number,
      state: rollout.state,
      startedAt: rollout.startedAt,
    })
    .from(rollout)
    .where(inArray(rollout.endpointId, endpointIds))
    .orderBy(desc(rollout.number))
}

/** A model version with its model's name and whether it may serve. */
export async function findDeployable(db: Db, args: { projectId: string; modelVersionId: string }) {
  const [row] = await db
    .select({ version: modelVersion, model: model.name })
    .from(modelVersion)
    .innerJoin(model, eq(modelVersion.modelId, model.id))
    .where(
      and(
        eq(modelVersion.id, args.modelVersionId),
        eq(modelVersion.projectId, args.projectId),
        isNull(modelVersion.deletedAt),
      ),
    )
    .for('share', { of: modelVersion })
  return row ?? null
}
