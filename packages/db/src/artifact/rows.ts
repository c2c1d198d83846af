import { and, asc, eq } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { artifact } from '../schema/index.ts'

export type ArtifactRow = typeof artifact.$inferSelect

/** Put a blob under a path of a run or logged model. A later attempt that writes the path again replaces what stood there. */
export async function attachArtifact(db: Db, row: ArtifactRow): Promise<void> {
  const { kind, sha256, sizeBytes, mediaType, createdAt } = row
  await db
    .insert(artifact)
    .values(row)
    .onConflictDoUpdate({
      target: [artifact.ownerId, artifact.path],
      set: { kind, sha256, sizeBytes, mediaType, createdAt },
    })
}

export async function listArtifacts(db: Db, args: { projectId: string; ownerId: string }): Promise<ArtifactRow[]> {
  return db
    .select()
    .from(artifact)
    .where(and(eq(artifact.projectId, args.projectId), eq(artifact.ownerId, args.ownerId)))
    .orderBy(asc(artifact.path))
}
