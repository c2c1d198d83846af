import {
  type EndpointRow,
  type EvidencePoint,
  insertEvidence,
  listActiveRollouts,
  patchRollout,
  type RolloutRow,
  tallyVariants,
} from '@modelyard/db'
import { type Decision, decide, isRefusal } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'
import { countInto, hasNews, type RolloutEvidence, settleSecond } from './counting.ts'
import { evidenceIn, gatherFacts, policyOf } from './facts.ts'
import { type Action, commitMove, isAction, LostRace, planMove, ROLLED_BACK_TOPIC, tellMove } from './move.ts'

export type Moved = { kind: Action['kind']; reason: string }
export type Ticked = { rollouts: number; moves: Moved[]; failed: number }

/**
 * Look at every running rollout once: gather, decide, commit, announce. Any number of workers may do this at the same
 * time; the first to commit wins and the others find that out by compare-and-set. One that fails does not stop the rest.
 */
export async function tickRollouts(ctx: Ctx): Promise<Ticked> {
  const ticked: Ticked = { rollouts: 0, moves: [], failed: 0 }
  for (const { rollout, endpoint } of await listActiveRollouts(ctx.db)) {
    ticked.rollouts += 1
    try {
      const action = await tickRollout(ctx, { rollout, endpoint })
      if (action) ticked.moves.push({ kind: action.kind, reason: 'reason' in action ? action.reason : 'policy' })
    } catch (error) {
      if (error instanceof LostRace || (isRefusal(error) && error.code === 'stale')) continue
      ticked.failed += 1
      ctx.log.error(
        { err: error, rolloutId: rollout.id, projectId: rollout.projectId },
        'a rollout could not be judged',
      )
    }
  }
  return ticked
}

type Pair = { rollout: RolloutRow; endpoint: EndpointRow }

/** What moved the rollout, if anything did. */
async function tickRollout(ctx: Ctx, { rollout, endpoint }: Pair): Promise<Action | null> {
  const now = ctx.now()
  const evidence = await foldNew(ctx, rollout, now)
  const decision = decide(await gatherFacts(ctx.db, { rollout, endpoint, evidence, command: null, now }))
  const points = pointsOf(evidenceIn(rollout), evidence, now)
  if (!isAction(decision) && !hasNews(evidenceIn(rollout), evidence)) return null
  await commitTick(ctx, { rollout, endpoint }, { evidence, decision, points, now })
  if (!isAction(decision)) return null
  tellMove(ctx, { rolloutId: rollout.id, endpointId: endpoint.id, action: decision })
  if (decision.kind === 'roll_back') await ctx.nudge(ROLLED_BACK_TOPIC, rollout.id)
  return decision
}

async function foldNew(ctx: Ctx, rollout: RolloutRow, now: Date): Promise<RolloutEvidence> {
  const before = evidenceIn(rollout)
  const variantIds = { canary: rollout.toVariantId, control: rollout.fromVariantId }
  const settle = settleSecond(before, now)
  const rows = await tallyVariants(ctx.db, {
    projectId: rollout.projectId,
    endpointId: rollout.endpointId,
    variantIds: Object.values(variantIds),
    startedAt: rollout.startedAt,
    fromSecond: before.settled.toSecond,
    settleSecond: settle,
  })
  const counted = { rows, variantIds, settleSecond: settle, at: now }
  return countInto(before, counted, { id: rollout.id, policy: policyOf(rollout) })
}

/** A point for each guard that took something in. */
function pointsOf(before: RolloutEvidence, after: RolloutEvidence, at: Date): EvidencePoint[] {
  return Object.entries(after.process.guards).flatMap(([guard, seen]) => {
    const known = before.process.guards[guard as keyof typeof before.process.guards]
    return seen && seen.lastAtMs !== known?.lastAtMs ? [{ at, guard, logE: seen.harm.logE }] : []
  })
}

type Verdict = { evidence: RolloutEvidence; decision: Decision; points: EvidencePoint[]; now: Date }

async function commitTick(ctx: Ctx, { rollout, endpoint }: Pair, verdict: Verdict): Promise<void> {
  const { evidence, decision, points, now } = verdict
  const { id: rolloutId, projectId } = rollout
  await mutate(ctx, { verb: 'rollout.tick', projectId }, async (tx) => {
    const changes = [{ noun: 'rollout', id: rolloutId }]
    await insertEvidence(tx, { rolloutId, projectId, points })
    if (!isAction(decision)) {
      const patch = { evidence, evidenceTo: now }
      if (!(await patchRollout(tx, { before: rollout, patch, isMove: false })))
        throw new LostRace(`rollout ${rolloutId} was judged meanwhile`)
      return { answer: null, note: null, changes }
    }
    const planned = planMove(decision, { rollout, endpoint, evidence, now })
    const move = { ...planned, patch: { evidence, ...planned.patch } }
    const committed = await commitMove(ctx, tx, { rollout, action: decision, move, evidenceTo: now, now })
    const detail = { ...move.note.detail, generation: committed.endpoint.generation }
    return {
      answer: null,
      note: { ...move.note, detail },
      changes: [...changes, { noun: 'endpoint', id: endpoint.id }],
    }
  })
}
