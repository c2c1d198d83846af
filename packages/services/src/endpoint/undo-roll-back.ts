import type { EndpointSummary, UndoRollBack } from '@modelyard/contracts'
import {
  type Db,
  type EndpointRow,
  findEndpoint,
  findRolloutTo,
  findRouting,
  listVariants,
  markRolledBack,
  markStable,
  patchRollout,
  type RolloutRow,
  weightsOf,
} from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'
import { commitRouting, servedBy } from './commit-routing.ts'
import { ROLLBACK_CAUSE, UNDO_MS } from './roll-back.ts'
import { summariseEndpoints } from './view.ts'

type Input = z.output<typeof UndoRollBack>

/**
 * Take a person's rollback back: the split of the generation before, for ten minutes and only while nothing else has
 * changed. A rollout that the rollback ended comes back paused, so that a person resumes it knowingly.
 */
export async function undoRollBack(ctx: Ctx, input: Input): Promise<EndpointSummary> {
  const { project } = await inProject(ctx, input.project, 'rollout.act')
  const { idempotencyKey, ...request } = input
  return mutate(
    ctx,
    { verb: 'endpoint.undo_roll_back', projectId: project.id, idempotency: { key: idempotencyKey, request } },
    async (tx) => {
      const before = await findEndpoint(tx, { projectId: project.id, endpointId: input.endpointId, lock: true })
      if (!before) return refuse('not_found', 'there is no such endpoint in this project', { field: 'endpointId' })
      const now = ctx.now()
      const rolledBackAt = await requireUndoable(tx, { before, input, now })
      const split = await splitBefore(tx, before)
      const rollout = await reopen(tx, { before, split, rolledBackAt })
      if (split.stable !== before.stableVariantId) await markStable(tx, { variantId: split.stable, at: now })
      if (split.canary) await markRolledBack(tx, { variantId: split.canary, at: null })
      const next = { stableVariantId: split.stable, canaryVariantId: split.canary, canaryBps: split.canaryBps }
      const row = await commitRouting(tx, {
        before,
        next: { ...next, pinnedAt: null },
        cause: 'rollback undone',
        at: now,
      })
      const [answer] = await summariseEndpoints(tx, { project, endpoints: [row], now })
      if (!answer) throw new Error('the endpoint was not summarised')
      const numbers = new Map((await listVariants(tx, [row.id])).map(({ id, number }) => [id, number]))
      const serving = servedBy(weightsOf(row), numbers).map((number) => `r${number}`)
      return {
        answer,
        note: {
          action: 'endpoint.rollback_undone',
          targetKind: 'endpoint',
          targetId: row.id,
          summary: `Rollback of ${row.name} undone: ${serving.join(' and ')} serve again`,
          detail: { generation: row.generation, rolloutId: rollout?.id ?? null },
        },
        changes: [{ noun: 'endpoint', id: row.id }, ...(rollout ? [{ noun: 'rollout', id: rollout.id }] : [])],
      }
    },
  )
}

/** When the rollback happened that is the endpoint's newest change. */
async function requireUndoable(db: Db, args: { before: EndpointRow; input: Input; now: Date }): Promise<Date> {
  const { before, input, now } = args
  if (before.generation !== input.generation) {
    refuse('stale', `${before.name} changed since that rollback; there is nothing to undo`, {
      field: 'generation',
      details: { generation: before.generation },
    })
  }
  const newest = await findRouting(db, { endpointId: before.id, generation: before.generation })
  if (newest?.cause !== ROLLBACK_CAUSE)
    return refuse('conflict', `the newest change of ${before.name} is no rollback by a person`, { field: 'generation' })
  if (now.getTime() - newest.at.getTime() > UNDO_MS)
    refuse('conflict', 'a rollback can be undone for ten minutes only', { field: 'generation' })
  return newest.at
}

type Split = { stable: string; canary: string | null; canaryBps: number }

async function splitBefore(db: Db, before: EndpointRow): Promise<Split> {
  const routing = await findRouting(db, { endpointId: before.id, generation: before.generation - 1 })
  const stable = routing?.weights.at(-1)
  if (!routing || !stable) return refuse('conflict', 'the routing before is not known', { field: 'generation' })
  const canary = routing.weights.length > 1 ? routing.weights[0] : undefined
  return { stable: stable.variantId, canary: canary?.variantId ?? null, canaryBps: canary?.weightBps ?? 0 }
}

async function reopen(
  db: Db,
  args: { before: EndpointRow; split: Split; rolledBackAt: Date },
): Promise<RolloutRow | null> {
  const { before, split, rolledBackAt } = args
  const rollout = await findRolloutTo(db, {
    endpointId: before.id,
    variantIds: [split.canary ?? split.stable],
    states: ['rolled_back'],
  })
  if (rollout?.endedAt?.getTime() !== rolledBackAt.getTime() || !rollout) return null
  const patch = split.canary
    ? { state: 'paused' as const, endedAt: null, reason: 'Paused: its rollback was undone' }
    : { state: 'promoted' as const, reason: 'Promoted; a later rollback was undone' }
  return patchRollout(db, { before: rollout, patch, isMove: true })
}
