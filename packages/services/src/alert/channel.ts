import { channelOf } from '@modelyard/alerts'
import type { Channel, CreateChannel, CreatedChannel } from '@modelyard/contracts'
import { type ChannelRow, insertChannel, listChannelRows } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'

type View = z.output<typeof Channel>

function channelView(row: ChannelRow): View {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as View['kind'],
    settings: row.settings,
    enabled: row.enabled,
    createdAt: row.createdAt.toISOString(),
  }
}

/** Add a channel; settings that can never work (an address inside the private network) are refused before anything is stored. */
export async function createChannel(
  ctx: Ctx,
  input: z.output<typeof CreateChannel>,
): Promise<z.output<typeof CreatedChannel>> {
  const { project } = await inProject(ctx, input.project, 'channel.manage')
  const channel = channelOf(input.kind)
  const read = channel.settings.safeParse(input.settings)
  if (!read.success) {
    const issue = read.error.issues[0]
    return refuse('invalid', `settings.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not of the right shape'}`, {
      field: `settings.${issue?.path.join('.') ?? ''}`,
    })
  }
  await channel.check(read.data, { allow: ctx.webhookAllow })
  const secret = channel.formatSecret(Buffer.from(ctx.newSecret(), 'base64url'))
  const row: ChannelRow = {
    id: ctx.newId('chn'),
    projectId: project.id,
    name: input.name,
    kind: input.kind,
    settings: read.data,
    sealedSecret: ctx.seal.seal(secret),
    enabled: true,
    createdAt: ctx.now(),
  }
  const { idempotencyKey, ...request } = input
  const made = await mutate(
    ctx,
    { verb: 'channel.create', projectId: project.id, idempotency: { key: idempotencyKey, request } },
    async (tx) => {
      await insertChannel(tx, row)
      return {
        answer: { id: row.id },
        note: {
          action: 'channel.created',
          targetKind: 'channel',
          targetId: row.id,
          summary: `Alert channel ${input.name} (${input.kind}) added`,
        },
        changes: [{ noun: 'channel', id: row.id }],
      }
    },
  )
  if (made.id !== row.id)
    refuse('conflict', 'this channel was made before; its secret is shown once only', { field: 'idempotencyKey' })
  return { ...channelView(row), secret }
}

export async function listChannels(ctx: Ctx, input: { project: string }): Promise<View[]> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  return (await listChannelRows(ctx.db, project.id)).map(channelView)
}
