import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'

/**
 * That no record names the blob `b`: no artifact, no version of a model or dataset (deleted ones too), no upload that
 * goes on, and no entry of the ledger, whose bytes are never taken away. Each part is an anti-join, which an OR is not.
 */
function isUnnamed(now: Date): SQL {
  return sql`(
    not exists (select 1 from artifact a where a.sha256 = b.sha256)
    and not exists (select 1 from model_version v where v.sha256 = b.sha256)
    and not exists (select 1 from model_version_file f where f.sha256 = b.sha256)
    and not exists (select 1 from dataset_version d where d.sha256 = b.sha256)
    and not exists (select 1 from dataset_version d where d.split ->> 'rowsSha256' = b.sha256)
    and not exists (select 1 from upload u where u.sha256 = b.sha256 and u.expires_at > ${now})
    and not exists (select 1 from ledger_blob l where l.sha256 = b.sha256)
  )`
}

export type Unnamed = { sha256: string; sizeBytes: number }

/** Blobs that nobody names and nobody has held since `heldBefore`; at most `limit`, those longest unheld first. */
export async function listUnnamedBlobs(
  db: Db,
  args: { heldBefore: Date; now: Date; limit: number },
): Promise<Unnamed[]> {
  const { rows } = await db.execute<Unnamed>(sql`
    select b.sha256, b.size_bytes as "sizeBytes" from blob b
    where b.created_at < ${args.heldBefore} and ${isUnnamed(args.now)}
    order by b.created_at, b.sha256 limit ${args.limit}`)
  return rows
}

/**
 * Lock a blob's row if it may still go; false when somebody holds, names or locks it. Two statements on purpose: the
 * second sees what was committed until the lock was had.
 */
export async function lockUnnamedBlob(tx: Db, args: { sha256: string; heldBefore: Date; now: Date }): Promise<boolean> {
  const locked = await tx.execute(sql`
    select 1 from blob where sha256 = ${args.sha256} and created_at < ${args.heldBefore} for update skip locked`)
  if (locked.rows.length === 0) return false
  const free = await tx.execute(sql`
    select 1 from blob b where b.sha256 = ${args.sha256} and ${isUnnamed(args.now)}`)
  return free.rows.length > 0
}

/** From here on no project is told that it has the bytes. */
export async function withdrawBlob(tx: Db, sha256: string): Promise<void> {
  await tx.execute(sql`delete from blob_access where sha256 = ${sha256}`)
}

export async function deleteBlob(tx: Db, sha256: string): Promise<void> {
  await tx.execute(sql`delete from blob_access where sha256 = ${sha256}`)
  await tx.execute(sql`delete from blob where sha256 = ${sha256}`)
}
