import { type Change, ProjectRef } from '@modelyard/contracts'
import { inProject } from '@modelyard/services'
import type { z } from 'zod'
import { procedure, router } from '../base.ts'

export const liveRouter = router({
  /** Ids of rows of one project as they change; `noun: "all"` after a gap means: read everything again. */
  changes: procedure.input(ProjectRef).subscription(async function* ({
    ctx,
    input,
    signal,
  }): AsyncGenerator<z.infer<typeof Change>> {
    const { project } = await inProject(ctx.ctx, input.project, 'project.read')
    for await (const change of ctx.hub.changes(signal ?? new AbortController().signal)) {
      if (change === 'reconnected') yield { noun: 'all', id: '', projectId: project.id }
      else if (change.projectId === project.id) yield change
    }
  }),
})
