import type { CommandRollout, Rollout } from '@modelyard/contracts'
import { findEndpoint, findRollout, lockRollout } from '@modelyard/db'
import { decide, refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import { actorOf, type Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'
import { evidenceIn, gatherFacts } from './facts.ts'
import { type Action, commitMove, isAction, planMove, tellMove } from './move.ts'
import { rolloutView } from './view.ts'

/**
 * Pause, resume, promote, abort or roll back by a person, through the same decision and commit as the worker's.
 * `promote` of a canary that a guard has already condemned rolls it back instead.
 * @throws Refusal `stale` when the rollout moved since `revision` was read; `conflict` when its state does not allow it.
 */
export async function commandRollout(ctx: Ctx, input: z.output<typeof CommandRollout>): Promise<Rollout> {
  const { project } = await inProject(ctx, input.project, 'rollout.act')
  const { idempotencyKey, ...request } = input
  let decided: Action | null = null
  const answer = await mutate(
    ctx,
    { verb: 'rollout.command', projectId: project.id, idempotency: { key: idempotencyKey, request } },
    async (tx) => {
      const found = await findRollout(tx, { projectId: project.id, rolloutId: input.rolloutId })
      if (!found) return refuse('not_found', 'there is no such rollout in this project', { field: 'rolloutId' })
      const endpoint = await findEndpoint(tx, { projectId: project.id, endpointId: found.endpoint.id, lock: true })
      const rollout = await lockRollout(tx, input.rolloutId)
      if (!endpoint || !rollout) return refuse('not_found', 'the rollout is gone', { field: 'rolloutId' })
      if (rollout.revision !== input.revision) {
        refuse('stale', `the rollout moved meanwhile: it is ${rollout.state.replace('_', ' ')} now`, {
          field: 'revision',
          details: { revision: rollout.revision, state: rollout.state },
        })
      }
      if (rollout.state === 'promoted' && input.command === 'roll_back')
        refuse('conflict', 'this rollout was promoted; roll its endpoint back instead', { field: 'command' })
      const now = ctx.now()
      const evidence = evidenceIn(rollout)
      const command = { kind: input.command, actor: actorOf(ctx.principal).label, reason: input.reason }
      const decision = decide(await gatherFacts(tx, { rollout, endpoint, evidence, command, now }))
      if (decision.kind === 'refuse') refuse('conflict', decision.message, { field: 'command' })
      if (!isAction(decision)) return { answer: await rolloutView(tx, rollout), note: null, changes: [] }
      const move = planMove(decision, { rollout, endpoint, evidence, now })
      decided = decision
      const committed = await commitMove(ctx, tx, {
        rollout,
        action: decision,
        move,
        evidenceTo: rollout.evidenceTo,
        now,
      })
      return {
        answer: await rolloutView(tx, committed.rollout),
        note: { ...move.note, detail: { ...move.note.detail, generation: committed.endpoint.generation } },
        changes: [
          { noun: 'rollout', id: rollout.id },
          { noun: 'endpoint', id: endpoint.id },
        ],
      }
    },
  )
  if (decided) tellMove(ctx, { rolloutId: input.rolloutId, endpointId: answer.endpointId, action: decided })
  return answer
}
