import type { CreateEnrolToken, Enrol, Enrolled } from '@modelyard/contracts'
import { forgetUnheard, insertRunner, listMemberships, lockEnrolToken, reportDevices, tables } from '@modelyard/db'
import { can, keyCan, refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { asPerson } from '../access.ts'
import type { Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'

/** An enrolment token lets in that many runners for that long. Its text is given once. */
export async function createEnrolToken(
  ctx: Ctx,
  input: z.output<typeof CreateEnrolToken>,
): Promise<{ token: string; expiresAt: string }> {
  const { userId } = asPerson(ctx)
  const memberships = await listMemberships(ctx.db, userId)
  const { principal } = ctx
  const keyAllows = principal.kind !== 'api_key' || keyCan(principal.scopes, 'runner.manage')
  if (!keyAllows || !memberships.some(({ role }) => can(role, 'runner.manage')))
    refuse('forbidden', 'to enrol runners takes the role admin in a project')
  const token = `mye_${ctx.newSecret()}`
  const now = ctx.now()
  const expiresAt = new Date(now.getTime() + input.expiresInS * 1000)
  const row = { sha256: ctx.sha256(token), usesLeft: input.uses, createdBy: userId, createdAt: now, expiresAt }
  const { idempotencyKey, ...request } = input
  const made = await mutate(
    ctx,
    { verb: 'runner.enrolToken', projectId: userId, idempotency: { key: idempotencyKey, request } },
    async (tx) => {
      await tx.insert(tables.machineToken).values({ ...row, kind: 'enrol' })
      return {
        answer: { sha256: row.sha256 },
        note: {
          action: 'runner.enrol_token_created',
          targetKind: 'enrol_token',
          targetId: row.sha256.slice(0, 12),
          summary: `Enrolment token for ${input.uses} runner${input.uses === 1 ? '' : 's'} created`,
          detail: { uses: input.uses, expiresAt: expiresAt.toISOString() },
        },
        changes: [],
      }
    },
  )
  if (made.sha256 !== row.sha256)
    refuse('conflict', 'this token was made before; its text is shown once only', { field: 'idempotencyKey' })
  return { token, expiresAt: expiresAt.toISOString() }
}

/**
 * Trade an enrolment token for a runner with a token of its own, which is given once. The use is spent when that runner
 * first says hello: one that never got this answer can ask again.
 */
export async function enrolRunner(ctx: Ctx, input: z.output<typeof Enrol>): Promise<z.output<typeof Enrolled>> {
  const { principal } = ctx
  if (principal.kind !== 'enrol') return refuse('forbidden', 'this takes an enrolment token')
  const now = ctx.now()
  const token = `myr_${ctx.newSecret()}`
  const { devices, ...facts } = input.facts
  const row = { ...facts, id: ctx.newId('rnr'), state: 'offline' as const, createdAt: now }
  await ctx.db.transaction(async (tx) => {
    if (!(await lockEnrolToken(tx, { sha256: principal.sha256, now })))
      refuse('unauthenticated', 'this enrolment token is used up or has expired')
    await forgetUnheard(tx, { enrolSha256: principal.sha256, name: row.name })
    await insertRunner(tx, { row, tokenSha256: ctx.sha256(token), createdBy: principal.sha256 })
    await reportDevices(tx, { runnerId: row.id, devices, slots: facts.slots })
  })
  ctx.log.info({ runnerId: row.id, name: row.name }, 'runner enrolled')
  return { runnerId: row.id, token }
}
