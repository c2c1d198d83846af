import type { SavedView, SaveView } from '@modelyard/contracts'
import { upsertSavedView } from '@modelyard/db'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import { actorOf, type Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'
import { viewOf } from './list.ts'

/** Keep a view under a name, for everybody in the project; a name that is taken is replaced. */
export async function saveView(ctx: Ctx, input: z.output<typeof SaveView>): Promise<SavedView> {
  const { project } = await inProject(ctx, input.project, 'run.write')
  const { idempotencyKey, ...request } = input
  const mutation = { verb: 'view.save', projectId: project.id, idempotency: { key: idempotencyKey, request } }
  return mutate(ctx, mutation, async (tx) => {
    const now = ctx.now()
    const row = await upsertSavedView(tx, {
      id: ctx.newId('vw'),
      projectId: project.id,
      page: input.page,
      name: input.name,
      settings: input.settings,
      createdBy: actorOf(ctx.principal),
      createdAt: now,
      updatedAt: now,
    })
    return {
      answer: viewOf(row),
      note: {
        action: 'view.saved',
        targetKind: 'saved_view',
        targetId: row.id,
        summary: `View "${row.name}" of ${row.page} saved`,
        detail: { settings: input.settings },
      },
      changes: [{ noun: 'saved_view', id: row.id }],
    }
  })
}
