import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { blob, blobAccess } from '../schema/index.ts'

type BlobFacts = { sha256: string; sizeBytes: number }

/**
 * Keep a blob from the collector from now on, before its bytes are stored or named. It waits for a collector that is
 * about to take the same bytes out, so whoever stores them afterwards stores them again. Never inside a transaction:
 * the collector must see it at once.
 */
export async function holdBlob(db: Db, { sha256, sizeBytes, now }: BlobFacts & { now: Date }): Promise<void> {
  await db
    .insert(blob)
    .values({ sha256, sizeBytes, heldAt: now })
    .onConflictDoUpdate({ target: blob.sha256, set: { heldAt: sql`greatest(${blob.heldAt}, excluded.created_at)` } })
}

/** Record that a project may read these bytes, which its caller has shown to hold or has made. May be repeated. */
export async function insertBlobAccess(db: Db, args: BlobFacts & { projectId: string; now: Date }): Promise<void> {
  const { projectId, sha256, sizeBytes, now } = args
  await db.insert(blob).values({ sha256, sizeBytes, heldAt: now }).onConflictDoNothing()
  await db.insert(blobAccess).values({ projectId, sha256, createdAt: now }).onConflictDoNothing()
}

/** Hash and size of a blob, if the project may read it. */
export async function findBlobAccess(db: Db, args: { projectId: string; sha256: string }): Promise<BlobFacts | null> {
  const [row] = await db
    .select({ sha256: blob.sha256, sizeBytes: blob.sizeBytes })
    .from(blobAccess)
    .innerJoin(blob, eq(blobAccess.sha256, blob.sha256))
    .where(and(eq(blobAccess.projectId, args.projectId), eq(blobAccess.sha256, args.sha256)))
  return row ?? null
}

/** The same for whoever is about to name the blob in a record: the collector leaves it alone from now on. */
export async function holdReadableBlob(
  db: Db,
  args: { projectId: string; sha256: string; now: Date },
): Promise<BlobFacts | null> {
  const [row] = await db
    .update(blob)
    .set({ heldAt: sql`greatest(${blob.heldAt}, ${args.now})` })
    .from(blobAccess)
    .where(
      and(eq(blob.sha256, args.sha256), eq(blobAccess.sha256, blob.sha256), eq(blobAccess.projectId, args.projectId)),
    )
    .returning({ sha256: blob.sha256, sizeBytes: blob.sizeBytes })
  return row ?? null
}
