import { eq } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { endpoint, gateway } from '../schema/index.ts'

export type Observation = {
  gatewayId: string
  name: string
  bootId: string
  observed: Record<string, number>
  at: Date
}

/**
 * Store what a gateway serves now; answers the endpoints whose observed generation is new. Reports of one boot may
 * overtake each other, and within a boot a gateway never goes back; after a restart it may.
 */
export async function storeObservation(
  db: Db,
  args: Observation,
): Promise<{ endpointId: string; projectId: string }[]> {
  const [before] = await db.select().from(gateway).where(eq(gateway.id, args.gatewayId)).for('update')
  const known = before?.bootId === args.bootId ? before.observed : {}
  const observed = Object.fromEntries(
    Object.entries(args.observed).map(([id, generation]) => [id, Math.max(generation, known[id] ?? generation)]),
  )
  const row = { name: args.name, bootId: args.bootId, observed, lastSeenAt: args.at }
  if (before) await db.update(gateway).set(row).where(eq(gateway.id, args.gatewayId))
  else await db.insert(gateway).values({ ...row, id: args.gatewayId, createdAt: args.at })
  const changed = Object.keys(observed).filter((id) => before?.observed[id] !== observed[id])
  if (changed.length === 0) return []
  const endpoints = await db.select({ endpointId: endpoint.id, projectId: endpoint.projectId }).from(endpoint)
  return endpoints.filter(({ endpointId }) => changed.includes(endpointId))
}
