import { asc, eq, or, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { apiKey, endpoint, member, model, modelVersion, project, snapshotHead, variant } from '../schema/index.ts'

/** All that a gateway needs to know, read at one instant. */
export async function readSnapshot(db: Db) {
  return db.transaction(
    async (tx) => {
      const [head] = await tx.select().from(snapshotHead)
      return { generation: head?.generation ?? 0, routes: await routesOf(tx), keys: await keysOf(tx) }
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
}

async function routesOf(db: Db) {
  return db
    .select({ endpoint, project: project.slug, variant, version: modelVersion, model: model.name })
    .from(endpoint)
    .innerJoin(project, eq(endpoint.projectId, project.id))
    .innerJoin(variant, or(eq(variant.id, endpoint.stableVariantId), eq(variant.id, endpoint.canaryVariantId)))
    .innerJoin(modelVersion, eq(variant.modelVersionId, modelVersion.id))
    .innerJoin(model, eq(modelVersion.modelId, model.id))
    .orderBy(asc(endpoint.id), asc(variant.number))
}

/** Keys that are not revoked, each with the roles its owner has where the key reaches. */
async function keysOf(db: Db) {
  return db
    .select({
      id: apiKey.id,
      sha256: apiKey.sha256,
      scopes: apiKey.scopes,
      expiresAt: apiKey.expiresAt,
      projectId: member.projectId,
      role: member.role,
    })
    .from(apiKey)
    .innerJoin(
      member,
      sql`${member.userId} = ${apiKey.ownerId} and (${apiKey.projectId} is null or ${apiKey.projectId} = ${member.projectId})`,
    )
    .where(sql`${apiKey.revokedAt} is null`)
    .orderBy(asc(apiKey.id), asc(member.projectId))
}

/** Whether some variant was ever deployed with these bytes: what a gateway may read. */
export async function isDeployedBlob(db: Db, sha256: string): Promise<boolean> {
  const { rowCount } = await db.execute(
    sql`select 1 from variant v join model_version m on m.id = v.model_version_id where m.sha256 = ${sha256} limit 1`,
  )
  return (rowCount ?? 0) > 0
}
