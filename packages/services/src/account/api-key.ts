import type { ApiKey, CreateApiKey, CreatedApiKey } from '@modelyard/contracts'
import { bumpSnapshot, listApiKeys, listMemberships, revokeApiKey, tables } from '@modelyard/db'
import { mayGrant, refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { asPerson, inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'

const DAY_MS = 86_400_000
type KeyRow = typeof tables.apiKey.$inferSelect
type KeyView = z.output<typeof ApiKey>

function keyView(row: KeyRow, slug: string | null): KeyView {
  return {
    id: row.id,
    name: row.name,
    hint: row.hint,
    scopes: row.scopes as KeyView['scopes'],
    project: slug,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  }
}

/** Text of a key: the hint finds it in a list and in a leak, the 256 random bits authenticate. */
export function formatApiKey(secret: string): { text: string; hint: string } {
  const hint = secret.slice(0, 8).replaceAll(/[^0-9A-Za-z]/g, '0')
  return { text: `my_${hint}_${secret}`, hint }
}

/**
 * Make a key; nobody hands out more than they hold. A key bound to a project shows in that project's ledger. The secret
 * is given once, so a repeated idempotency key is refused instead of answered: there is nothing left to answer with.
 */
export async function createApiKey(
  ctx: Ctx,
  input: z.output<typeof CreateApiKey>,
): Promise<z.output<typeof CreatedApiKey>> {
  const { userId } = asPerson(ctx)
  const projectId = await grantingProject(ctx, input)
  const { text, hint } = formatApiKey(ctx.newSecret())
  const now = ctx.now()
  const row: KeyRow = {
    id: ctx.newId('key'),
    projectId,
    ownerId: userId,
    name: input.name,
    hint,
    sha256: ctx.sha256(text),
    scopes: input.scopes,
    createdAt: now,
    expiresAt: new Date(now.getTime() + input.expiresInDays * DAY_MS),
    lastUsedAt: null,
    revokedAt: null,
  }
  const { idempotencyKey, ...request } = input
  const made = await mutate(
    ctx,
    { verb: 'key.create', projectId: projectId ?? userId, idempotency: { key: idempotencyKey, request } },
    async (tx) => {
      await tx.insert(tables.apiKey).values(row)
      await bumpSnapshot(tx)
      return {
        answer: { id: row.id },
        note: {
          action: 'key.created',
          targetKind: 'api_key',
          targetId: row.id,
          summary: `API key ${input.name} created`,
          detail: { scopes: input.scopes, hint },
        },
        changes: [{ noun: 'key', id: row.id }],
      }
    },
  )
  if (made.id !== row.id)
    refuse('conflict', 'this key was made before; its secret is shown once only', { field: 'idempotencyKey' })
  return { ...keyView(row, input.project ?? null), secret: text }
}

async function grantingProject(ctx: Ctx, input: z.output<typeof CreateApiKey>): Promise<string | null> {
  if (input.project !== undefined) {
    const { project, role } = await inProject(ctx, input.project, 'key.manage')
    if (!mayGrant(role, input.scopes))
      refuse('forbidden', `a ${role} cannot hand out these scopes`, { field: 'scopes' })
    return project.id
  }
  const { userId } = asPerson(ctx)
  const memberships = await listMemberships(ctx.db, userId)
  if (!memberships.some(({ role }) => mayGrant(role, input.scopes)))
    refuse('forbidden', 'you hold these scopes in no project', { field: 'scopes' })
  return null
}

export async function listKeys(ctx: Ctx): Promise<KeyView[]> {
  const { userId } = asPerson(ctx)
  return (await listApiKeys(ctx.db, userId)).map(({ key, slug }) => keyView(key, slug))
}

/** Revoke at once; gateways learn it with their next snapshot. */
export async function revokeKey(ctx: Ctx, input: { id: string; idempotencyKey: string }): Promise<{ id: string }> {
  const { userId } = asPerson(ctx)
  return mutate(
    ctx,
    { verb: 'key.revoke', projectId: userId, idempotency: { key: input.idempotencyKey, request: { id: input.id } } },
    async (tx) => {
      if (!(await revokeApiKey(tx, { id: input.id, ownerId: userId, now: ctx.now() })))
        refuse('not_found', 'you own no such API key', { field: 'id' })
      await bumpSnapshot(tx)
      return {
        answer: { id: input.id },
        note: { action: 'key.revoked', targetKind: 'api_key', targetId: input.id, summary: 'API key revoked' },
        changes: [{ noun: 'key', id: input.id }],
      }
    },
  )
}
