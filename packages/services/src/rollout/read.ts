import type { Rollout } from '@modelyard/contracts'
import { findRollout, listRolloutRows } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { rolloutView } from './view.ts'

export async function getRollout(ctx: Ctx, input: { project: string; rolloutId: string }): Promise<Rollout> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const found = await findRollout(ctx.db, { projectId: project.id, rolloutId: input.rolloutId })
  if (!found) return refuse('not_found', 'there is no such rollout in this project', { field: 'rolloutId' })
  return rolloutView(ctx.db, found.rollout)
}

export type RolloutHead = Pick<
  Rollout,
  'id' | 'number' | 'endpointId' | 'endpoint' | 'state' | 'stepIndex' | 'reason' | 'startedBy' | 'startedAt' | 'endedAt'
>

/** Newest first; the cursor is the id the last page ended with. */
export async function listRollouts(
  ctx: Ctx,
  input: { project: string; endpointId?: string; active?: boolean; limit: number; cursor?: string },
): Promise<{ items: RolloutHead[]; nextCursor: string | null }> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const { endpointId, active, limit, cursor } = input
  const scope = { projectId: project.id, endpointId, active, beforeId: cursor }
  const rows = await listRolloutRows(ctx.db, { ...scope, limit: limit + 1 })
  const items = rows.slice(0, limit).map(({ rollout, endpoint }) => ({
    id: rollout.id,
    number: rollout.number,
    endpointId: rollout.endpointId,
    endpoint: endpoint.name,
    state: rollout.state,
    stepIndex: rollout.stepIndex,
    reason: rollout.reason,
    startedBy: rollout.startedBy,
    startedAt: rollout.startedAt.toISOString(),
    endedAt: rollout.endedAt?.toISOString() ?? null,
  }))
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}
