import { type Change, ProjectRef } from '@modelyard/contracts'
import { type Hub, inProject } from '@modelyard/services'
import type { z } from 'zod'
import { procedure, router } from '../base.ts'

type Feed = { hub: Pick<Hub, 'changes'>; projectId: string; signal: AbortSignal | undefined }

export const liveRouter = router({
  /**
   * Ids of rows of one project as they change; `noun: "all"` after a gap means: read everything again. Who may listen is
   * decided before the feed begins: a refusal from within one would reach the caller as a fault of ours.
   */
  changes: procedure.input(ProjectRef).subscription(async ({ ctx, input, signal }) => {
    const { project } = await inProject(ctx.ctx, input.project, 'project.read')
    return changesOf({ hub: ctx.hub, projectId: project.id, signal })
  }),
})

async function* changesOf({ hub, projectId, signal }: Feed): AsyncGenerator<z.infer<typeof Change>> {
  for await (const change of hub.changes(signal ?? new AbortController().signal)) {
    if (change === 'reconnected') yield { noun: 'all', id: '', projectId }
    else if (change.projectId === projectId) yield change
  }
}
