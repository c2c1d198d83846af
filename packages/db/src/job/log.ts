import { and, asc, eq, gt, lt, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { logChunk } from '../schema/index.ts'

/** The caller holds the attempt's row, so chunks never overlap. */
export async function insertLogChunk(
  db: Db,
  args: { attemptId: string; offset: number; bytes: Buffer },
): Promise<void> {
  await db.insert(logChunk).values(args)
}

/** Stored bytes in [from, to), in order; less where the log ends or was cut. */
export async function readLogBytes(db: Db, args: { attemptId: string; from: number; to: number }): Promise<Buffer> {
  const chunks = await db
    .select()
    .from(logChunk)
    .where(
      and(
        eq(logChunk.attemptId, args.attemptId),
        lt(logChunk.offset, args.to),
        gt(sql`${logChunk.offset} + octet_length(${logChunk.bytes})`, args.from),
      ),
    )
    .orderBy(asc(logChunk.offset))
  return Buffer.concat(
    chunks.map(({ offset, bytes }) => bytes.subarray(Math.max(0, args.from - offset), Math.max(0, args.to - offset))),
  )
}
