import { findUserByEmail, insertAccount, tables } from '@modelyard/db'
import type { Ctx } from '../context.ts'

export type FirstRun = {
  adminEmail: string
  adminPassword: string
  apiKey: string
  gatewayToken: string
  enrolToken: string
}

/**
 * Make what the first start needs, once: the administrator, their API key, and the tokens of the gateway and the runner
 * that run on the same machine. Every later call finds them there and changes nothing.
 */
export async function bootstrap(ctx: Ctx, first: FirstRun): Promise<{ created: boolean }> {
  const passwordHash = await ctx.hashPassword(first.adminPassword)
  const now = ctx.now()
  return ctx.db.transaction(async (tx) => {
    await tx.execute('select pg_advisory_xact_lock(7204533)')
    const known = await findUserByEmail(tx, first.adminEmail)
    const userId = known?.id ?? ctx.newId('usr')
    if (!known) {
      await insertAccount(tx, {
        userId,
        accountId: ctx.newId('mem'),
        name: 'Administrator',
        email: first.adminEmail,
        passwordHash,
        isOwner: true,
        now,
      })
    }
    const keyRow = {
      id: ctx.newId('key'),
      ownerId: userId,
      name: 'first run',
      hint: first.apiKey.slice(3, 11),
      sha256: ctx.sha256(first.apiKey),
      scopes: ['admin'],
      createdAt: now,
    }
    await tx.insert(tables.apiKey).values(keyRow).onConflictDoNothing({ target: tables.apiKey.sha256 })
    const gatewayId = ctx.newId('gwy')
    const token = { createdBy: userId, createdAt: now }
    const [made] = await tx
      .insert(tables.machineToken)
      .values({ ...token, sha256: ctx.sha256(first.gatewayToken), kind: 'gateway', gatewayId })
      .onConflictDoNothing()
      .returning()
    if (made) await tx.insert(tables.gateway).values({ id: gatewayId, name: 'local', observed: {}, createdAt: now })
    await tx
      .insert(tables.machineToken)
      .values({ ...token, sha256: ctx.sha256(first.enrolToken), kind: 'enrol', usesLeft: 1 })
      .onConflictDoNothing()
    return { created: !known }
  })
}
