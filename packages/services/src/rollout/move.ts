import {
  type Db,
  type EndpointRow,
  findEndpoint,
  insertOutbox,
  markRolledBack,
  markStable,
  patchRollout,
  type RolloutPatch,
  type RolloutRow,
  type RoutingChange,
} from '@modelyard/db'
import { type Decision, refuse } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { commitRouting } from '../endpoint/commit-routing.ts'
import type { Note } from '../mutate.ts'
import { beginStep, type RolloutEvidence } from './counting.ts'
import { queueRolloutWebhooks } from './told.ts'

export const ROLLED_BACK_TOPIC = 'rollout.rolled_back'

/** A decision that changes something. */
export type Action = Exclude<Decision, { kind: 'stay' | 'refuse' }>
export type Move = { patch: RolloutPatch; routing: RoutingChange | null; note: Note }

export const isAction = (decision: Decision): decision is Action =>
  decision.kind !== 'stay' && decision.kind !== 'refuse'

/** Tell of a move that was committed. */
export function tellMove(ctx: Ctx, move: { rolloutId: string; endpointId: string; action: Action }): void {
  const { rolloutId, endpointId, action } = move
  const reason = 'reason' in action ? action.reason : 'policy'
  ctx.happened({ kind: 'rollout_decided', rolloutId, endpointId, decision: action.kind, reason })
}

type MoveAt = { rollout: RolloutRow; endpoint: EndpointRow; evidence: RolloutEvidence; now: Date }
type Said = { what: string; summary: string }

/** What a decision means for the rows, without touching any. */
export function planMove(action: Action, at: MoveAt): Move {
  const { rollout, endpoint } = at
  const planned = planOf(action, at)
  const note: Note = {
    action: `rollout.${planned.what}`,
    targetKind: 'rollout',
    targetId: rollout.id,
    summary: `Rollout #${rollout.number} of ${endpoint.name} ${planned.summary}`,
    detail: { endpointId: endpoint.id, stepIndex: rollout.stepIndex, decision: action },
  }
  return { patch: planned.patch, routing: planned.routing, note }
}

function planOf(action: Action, at: MoveAt): Omit<Move, 'note'> & Said {
  const { rollout, endpoint, evidence, now } = at
  const ended = (reason: string): RolloutPatch => ({ state: action.next, reason, endedAt: now })
  const stepping = { stepStartedAt: now, evidence: beginStep(evidence) }
  const back: RoutingChange = { ...routeOf(endpoint), canaryVariantId: null, canaryBps: 0 }
  switch (action.kind) {
    case 'advance': {
      const routing = { ...routeOf(endpoint), canaryBps: action.weightBps }
      const summary = `went on to step ${action.stepIndex + 1} at ${action.weightBps / 100} %`
      return { patch: { stepIndex: action.stepIndex, ...stepping }, routing, what: 'advanced', summary }
    }
    case 'promote': {
      const routing = { ...back, stableVariantId: rollout.toVariantId, pinnedAt: null }
      const by = action.by === 'person' ? `by ${action.detail}` : action.detail
      return { patch: ended(`Promoted: ${by}`), routing, what: 'promoted', summary: `was promoted: ${by}` }
    }
    case 'roll_back': {
      const how = action.reason === 'person' ? 'Rolled back by ' : 'Rolled back automatically: '
      const reason = `${how}${action.detail}`
      const routing = { ...back, pinnedAt: now }
      return { patch: ended(reason), routing, what: 'rolled_back', summary: `ended: ${reason}` }
    }
    case 'abort': {
      const summary = `was aborted by ${action.detail}`
      return { patch: ended(`Aborted by ${action.detail}`), routing: back, what: 'aborted', summary }
    }
    case 'pause': {
      const patch: RolloutPatch = { state: 'paused', reason: `Paused: ${action.detail}` }
      return { patch, routing: null, what: 'paused', summary: `was paused: ${action.detail}` }
    }
    case 'resume': {
      const watched = { ...stepping, evidence: { ...stepping.evidence, watchFromMs: now.getTime() } }
      const patch: RolloutPatch = { state: 'progressing', reason: null, ...watched }
      return { patch, routing: null, what: 'resumed', summary: `was resumed by ${action.detail}` }
    }
  }
}

export function routeOf(endpoint: EndpointRow): RoutingChange {
  const { stableVariantId, canaryVariantId, canaryBps, pinnedAt } = endpoint
  return { stableVariantId, canaryVariantId, canaryBps, pinnedAt }
}

/** Thrown when somebody else decided first; the caller drops what it planned. */
export class LostRace extends Error {}

/** Take the endpoint, then write the rollout, its routing and what follows; the order of the locks is the same everywhere. */
export async function commitMove(
  ctx: Ctx,
  tx: Db,
  args: { rollout: RolloutRow; action: Action; move: Move; evidenceTo: Date; now: Date },
): Promise<{ rollout: RolloutRow; endpoint: EndpointRow }> {
  const { rollout, action, move, now } = args
  const before = await findEndpoint(tx, { projectId: rollout.projectId, endpointId: rollout.endpointId, lock: true })
  if (!before) return refuse('not_found', 'the endpoint of this rollout is gone', { field: 'rolloutId' })
  const patch = { evidenceTo: args.evidenceTo, ...move.patch }
  const moved = await patchRollout(tx, { before: rollout, patch, isMove: true })
  if (!moved) throw new LostRace(`rollout ${rollout.id} moved meanwhile`)
  if (action.kind === 'promote' || action.kind === 'roll_back') {
    const step = action.kind === 'promote' ? 'promoted' : 'rolled_back'
    await queueRolloutWebhooks(ctx, tx, { rollout, endpoint: before.name, step })
  }
  if (action.kind === 'promote') await markStable(tx, { variantId: rollout.toVariantId, at: now })
  if (action.kind === 'roll_back') {
    await markRolledBack(tx, { variantId: rollout.toVariantId, at: now })
    if (action.reason !== 'person') {
      const announced = { topic: ROLLED_BACK_TOPIC, payload: { rolloutId: rollout.id } }
      await insertOutbox(tx, { projectId: rollout.projectId, ...announced, at: now })
    }
  }
  if (!move.routing) return { rollout: moved, endpoint: before }
  const cause = `${move.note.action}:${rollout.id}`
  return { rollout: moved, endpoint: await commitRouting(tx, { before, next: move.routing, cause, at: now }) }
}
