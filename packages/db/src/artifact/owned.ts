import { and, asc, eq, inArray } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { artifact } from '../schema/index.ts'

/** A comparison of twenty runs draws no more than this. */
const MAX_FILES = 20_000

/** Paths and hashes of the files of several runs, by path. */
export async function listOwnedFiles(
  db: Db,
  args: { projectId: string; ownerIds: readonly string[] },
): Promise<{ ownerId: string; path: string; sha256: string }[]> {
  return db
    .select({ ownerId: artifact.ownerId, path: artifact.path, sha256: artifact.sha256 })
    .from(artifact)
    .where(and(eq(artifact.projectId, args.projectId), inArray(artifact.ownerId, [...args.ownerIds])))
    .orderBy(asc(artifact.path))
    .limit(MAX_FILES)
}
