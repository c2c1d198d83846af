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
import { commitRouting } from '../endpoint/commit-routing.ts'
import type { Note } from '../mutate.ts'
import type { RolloutEvidence } from './counting.ts'

export const ROLLED_BACK_TOPIC = 'rollout.rolled_back'

/** A decision that changes something. */
export type Action = Exclude<Decision, { kind: 'stay' | 'refuse' }>
export type Move = { patch: RolloutPatch; routing: RoutingChange | null; note: Note }

export const isAction = (decision: Decision): decision is Action =>
  decision.kind !== 'stay' && decision.kind !== 'refuse'

/** What a decision means for the rows, without touching any. */
export function planMove(
  action: Action,
  at: { rollout: RolloutRow; endpoint: EndpointRow; evidence: RolloutEvidence; now: Date },
): Move {
  const { rollout, endpoint, evidence, now } = at
  const name = `Rollout #${rollout.number} of ${endpoint.name}`
  const note = (what: string, summary: string): Note => ({
    action: `rollout.${what}`,
    targetKind: 'rollout',
    targetId: rollout.id,
    summary: `${name} ${summary}`,
    detail: { endpointId: endpoint.id, stepIndex: rollout.stepIndex, decision: action },
  })
  const ended = (reason: string): RolloutPatch => ({ state: action.next, reason, endedAt: now })
  const stepping = { stepStartedAt: now, evidence: { ...evidence, stepFrom: evidence.folded.canary.requests } }
  const back: RoutingChange = { ...routeOf(endpoint), canaryVariantId: null, canaryBps: 0 }
  switch (action.kind) {
    case 'advance': {
      const { stepIndex, weightBps } = action
      const routing = { ...routeOf(endpoint), canaryBps: weightBps }
      return {
        patch: { stepIndex, ...stepping },
        routing,
        note: note('advanced', `went on to step ${stepIndex + 1} at ${weightBps / 100} %`),
      }
    }
    case 'promote': {
      const routing = { ...back, stableVariantId: rollout.toVariantId, pinnedAt: null }
      const by = action.by === 'person' ? `by ${action.detail}` : action.detail
      return { patch: ended(`Promoted: ${by}`), routing, note: note('promoted', `was promoted: ${by}`) }
    }
    case 'roll_back': {
      const reason =
        action.reason === 'person' ? `Rolled back by ${action.detail}` : `Rolled back automatically: ${action.detail}`
      return {
        patch: ended(reason),
        routing: { ...back, pinnedAt: now },
        note: note('rolled_back', `ended: ${reason}`),
      }
    }
    case 'abort':
      return {
        patch: ended(`Aborted by ${action.detail}`),
        routing: back,
        note: note('aborted', `was aborted by ${action.detail}`),
      }
    case 'pause':
      return {
        patch: { state: 'paused', reason: `Paused: ${action.detail}` },
        routing: null,
        note: note('paused', `was paused: ${action.detail}`),
      }
    case 'resume': {
      const watched = { ...stepping, evidence: { ...stepping.evidence, watchFromMs: now.getTime() } }
      return {
        patch: { state: 'progressing', reason: null, ...watched },
        routing: null,
        note: note('resumed', `was resumed by ${action.detail}`),
      }
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
  tx: Db,
  args: { rollout: RolloutRow; action: Action; move: Move; evidenceTo: Date; now: Date },
): Promise<{ rollout: RolloutRow; endpoint: EndpointRow }> {
  const { rollout, action, move, now } = args
  const before = await findEndpoint(tx, { projectId: rollout.projectId, endpointId: rollout.endpointId, lock: true })
  if (!before) return refuse('not_found', 'the endpoint of this rollout is gone', { field: 'rolloutId' })
  const patch = { evidenceTo: args.evidenceTo, ...move.patch }
  const moved = await patchRollout(tx, { before: rollout, patch, isMove: true })
  if (!moved) throw new LostRace(`rollout ${rollout.id} moved meanwhile`)
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
