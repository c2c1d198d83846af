import { and, eq } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { blob, blobAccess } from '../schema/index.ts'

/** Record that a project may read these bytes, which its caller has shown to hold or has made. May be repeated. */
export async function insertBlobAccess(
  db: Db,
  args: { projectId: string; sha256: string; sizeBytes: number; now: Date },
): Promise<void> {
  const { projectId, sha256, sizeBytes, now } = args
  await db.insert(blob).values({ sha256, sizeBytes, createdAt: now }).onConflictDoNothing()
  await db.insert(blobAccess).values({ projectId, sha256, createdAt: now }).onConflictDoNothing()
}

/** Hash and size of a blob, if the project may read it. */
export async function findBlobAccess(
  db: Db,
  args: { projectId: string; sha256: string },
): Promise<{ sha256: string; sizeBytes: number } | null> {
  const [row] = await db
    .select({ sha256: blob.sha256, sizeBytes: blob.sizeBytes })
    .from(blobAccess)
    .innerJoin(blob, eq(blobAccess.sha256, blob.sha256))
    .where(and(eq(blobAccess.projectId, args.projectId), eq(blobAccess.sha256, args.sha256)))
  return row ?? null
}
