import { and, asc, eq, gt, inArray, isNull, lt } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { project, upload } from '../schema/index.ts'

export type UploadRow = typeof upload.$inferSelect

export async function insertUpload(db: Db, row: Omit<UploadRow, 'completedAt'>): Promise<void> {
  await db.insert(upload).values(row)
}

/** An upload with the slug of its project. */
export async function findUpload(db: Db, id: string): Promise<{ upload: UploadRow; slug: string } | null> {
  const [row] = await db
    .select({ upload, slug: project.slug })
    .from(upload)
    .innerJoin(project, eq(upload.projectId, project.id))
    .where(eq(upload.id, id))
  return row ?? null
}

/** The unfinished upload of the same bytes by the same caller, so that a program that lost its id goes on with it. */
export async function findOpenUpload(
  db: Db,
  args: { projectId: string; sha256: string; sizeBytes: number; createdBy: string; now: Date },
): Promise<UploadRow | null> {
  const [row] = await db
    .select()
    .from(upload)
    .where(
      and(
        eq(upload.projectId, args.projectId),
        eq(upload.sha256, args.sha256),
        eq(upload.sizeBytes, args.sizeBytes),
        eq(upload.createdBy, args.createdBy),
        isNull(upload.completedAt),
        gt(upload.expiresAt, args.now),
      ),
    )
    .orderBy(asc(upload.id))
    .limit(1)
  return row ?? null
}

/** Mark it complete; false when somebody did before. */
export async function markUploadComplete(db: Db, args: { id: string; now: Date }): Promise<boolean> {
  const rows = await db
    .update(upload)
    .set({ completedAt: args.now })
    .where(and(eq(upload.id, args.id), isNull(upload.completedAt)))
    .returning({ id: upload.id })
  return rows.length === 1
}

/** Take the upload that expired first out of the table, if no other does so now; the caller discards its bytes. */
export async function takeExpiredUpload(db: Db, args: { now: Date }): Promise<string | null> {
  const expired = db
    .select({ id: upload.id })
    .from(upload)
    .where(lt(upload.expiresAt, args.now))
    .orderBy(asc(upload.expiresAt))
    .limit(1)
    .for('update', { skipLocked: true })
  const [row] = await db.delete(upload).where(inArray(upload.id, expired)).returning({ id: upload.id })
  return row?.id ?? null
}
