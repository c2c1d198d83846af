import { sql } from 'drizzle-orm'
import type { Db } from './client.ts'
import { notify } from './notify.ts'
import { snapshotHead } from './schema/index.ts'

/** Every change that gateways must see calls this in its transaction: the row lock makes generation order the commit order. */
export async function bumpSnapshot(db: Db): Promise<number> {
  const [head] = await db
    .update(snapshotHead)
    .set({ generation: sql`${snapshotHead.generation} + 1` })
    .returning()
  await notify(db, { channel: 'modelyard_routes', payload: {} })
  return head?.generation ?? 0
}

export async function snapshotGeneration(db: Db): Promise<number> {
  const [head] = await db.select().from(snapshotHead)
  return head?.generation ?? 0
}
