import type { AddMember, Member } from '@modelyard/contracts'
import { bumpSnapshot, findUserByEmail, insertAccount, upsertMember } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'

/** Give a person a role in a project, making the account when there is none for that address. */
export async function addMember(ctx: Ctx, input: z.output<typeof AddMember>): Promise<z.output<typeof Member>> {
  const { project } = await inProject(ctx, input.project, 'member.manage')
  // Hashed before the transaction: scrypt takes long enough to hold no lock meanwhile.
  const passwordHash = input.password === undefined ? null : await ctx.hashPassword(input.password)
  const { idempotencyKey, password: _, ...request } = input
  return mutate(
    ctx,
    { verb: 'member.add', projectId: project.id, idempotency: { key: idempotencyKey, request } },
    async (tx) => {
      const known = await findUserByEmail(tx, input.email)
      if (!known && passwordHash === null)
        refuse('invalid', `nobody has the address ${input.email} yet: give a password to make the account`, {
          field: 'password',
        })
      if (known && passwordHash !== null)
        refuse('conflict', `${input.email} has an account already: leave the password out`, { field: 'password' })
      const userId = known?.id ?? ctx.newId('usr')
      if (!known && passwordHash !== null) {
        await insertAccount(tx, {
          userId,
          accountId: ctx.newId('mem'),
          name: input.name,
          email: input.email,
          passwordHash,
          isOwner: false,
          now: ctx.now(),
        })
      }
      await upsertMember(tx, { projectId: project.id, userId, role: input.role, now: ctx.now() })
      // Gateways must learn where the keys of this person reach now.
      await bumpSnapshot(tx)
      const answer = { userId, name: known?.name ?? input.name, email: input.email.toLowerCase(), role: input.role }
      return {
        answer,
        note: {
          action: 'member.added',
          targetKind: 'user',
          targetId: userId,
          summary: `${answer.name} is now ${input.role}`,
          detail: { role: input.role },
        },
        changes: [{ noun: 'member', id: userId }],
      }
    },
  )
}
