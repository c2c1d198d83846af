import { type tables, touchApiKey } from '@modelyard/db'
import type { KeyScope } from '@modelyard/domain'
import type { Ctx, Principal } from '../context.ts'

type Key = typeof tables.apiKey.$inferSelect
type Found = { key: Key; owner: { id: string; name: string; email: string } }

/** Minute-exact is enough for people, and spares a write per request. */
const TOUCH_MS = 60_000

/** The holder of a key that was just read, whose use is noted. */
export async function holderOf(
  ctx: Pick<Ctx, 'db' | 'now'>,
  { key, owner }: Found,
): Promise<Extract<Principal, { kind: 'api_key' }>> {
  const now = ctx.now()
  if (now.getTime() - (key.lastUsedAt?.getTime() ?? 0) >= TOUCH_MS) await touchApiKey(ctx.db, { id: key.id, now })
  return {
    kind: 'api_key',
    keyId: key.id,
    userId: owner.id,
    name: `${key.name} (${owner.name})`,
    email: owner.email,
    scopes: key.scopes as KeyScope[],
    projectId: key.projectId,
  }
}
