import { RunsView, type SavedView } from '@modelyard/contracts'
import { listSavedViews, type SavedViewRow } from '@modelyard/db'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'

/** A view saved by an older release still opens: what it lacks or says in a form of its own is as if it were not set. */
export function viewOf(row: SavedViewRow): SavedView {
  const read = RunsView.safeParse(row.settings)
  return {
    id: row.id,
    name: row.name,
    settings: read.success ? read.data : RunsView.parse({}),
    createdBy: row.createdBy,
    updatedAt: row.updatedAt.toISOString(),
  }
}

/** The project's views of one page, by name; everybody in the project sees them. */
export async function listViews(ctx: Ctx, input: { project: string; page: 'runs' }): Promise<SavedView[]> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  return (await listSavedViews(ctx.db, { projectId: project.id, page: input.page })).map(viewOf)
}
