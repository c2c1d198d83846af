import type { Viewer } from '@modelyard/contracts'
import { listMemberships } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { projectView } from '../project/view.ts'

/** Who is calling and which projects they see. */
export async function readViewer(ctx: Ctx): Promise<Viewer> {
  const { principal } = ctx
  if (principal.kind !== 'user' && principal.kind !== 'api_key')
    return refuse('forbidden', `a ${principal.kind} has no projects`)
  const memberships = await listMemberships(ctx.db, principal.userId)
  const bound = principal.kind === 'api_key' ? principal.projectId : null
  return {
    id: principal.userId,
    name: principal.name,
    email: principal.email,
    kind: principal.kind,
    projects: memberships
      .filter(({ project }) => bound === null || project.id === bound)
      .map(({ project, role }) => projectView(project, role)),
  }
}
