import type { DeleteView } from '@modelyard/contracts'
import { deleteSavedView } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'

/** Remove a view; the ledger keeps what it showed. */
export async function deleteView(ctx: Ctx, input: z.output<typeof DeleteView>): Promise<{ id: string }> {
  const { project } = await inProject(ctx, input.project, 'run.write')
  const { idempotencyKey, ...request } = input
  const mutation = { verb: 'view.delete', projectId: project.id, idempotency: { key: idempotencyKey, request } }
  return mutate(ctx, mutation, async (tx) => {
    const gone = await deleteSavedView(tx, { projectId: project.id, id: input.viewId })
    if (!gone) return refuse('not_found', 'there is no such view in this project', { field: 'viewId' })
    return {
      answer: { id: gone.id },
      note: {
        action: 'view.deleted',
        targetKind: 'saved_view',
        targetId: gone.id,
        summary: `View "${gone.name}" of ${gone.page} deleted`,
        detail: { settings: gone.settings },
      },
      changes: [{ noun: 'saved_view', id: gone.id }],
    }
  })
}
