import type { RollBack, RolledBack } from '@modelyard/contracts'
import {
  ACTIVE_ROLLOUTS,
  appendLedger,
  type Db,
  type DeployedVariant,
  type EndpointRow,
  findEndpoint,
  findRolloutTo,
  listVariants,
  markRolledBack,
  markStable,
  patchRollout,
  type RolloutRow,
  weightsOf,
} from '@modelyard/db'
import { decide, refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import { actorOf, type Ctx } from '../context.ts'
import { mutate, type Outcome } from '../mutate.ts'
import { evidenceIn, gatherFacts } from '../rollout/facts.ts'
import { isAction, planMove } from '../rollout/move.ts'
import { queueRolloutWebhooks } from '../rollout/told.ts'
import { commitRouting, servedBy } from './commit-routing.ts'
import { rollbackTarget } from './read.ts'

type Input = z.output<typeof RollBack>
type Answer = z.output<typeof RolledBack>

export const UNDO_MS = 10 * 60_000
export const ROLLBACK_CAUSE = 'rollback'

/**
 * Give all traffic to the last good variant, or to a named one that once carried it. Ends the rollout that brought what
 * serves now, pins the endpoint until a person starts the next rollout, and can be undone for ten minutes. Going where
 * the traffic already is changes nothing.
 * @throws Refusal `conflict` when there is nothing good to go back to.
 */
export async function rollBack(ctx: Ctx, input: Input): Promise<Answer> {
  const { project } = await inProject(ctx, input.project, 'rollout.act')
  const { idempotencyKey, ...request } = input
  return mutate(
    ctx,
    { verb: 'endpoint.roll_back', projectId: project.id, idempotency: { key: idempotencyKey, request } },
    async (tx) => {
      const before = await findEndpoint(tx, { projectId: project.id, endpointId: input.endpointId, lock: true })
      if (!before) return refuse('not_found', 'there is no such endpoint in this project', { field: 'endpointId' })
      const variants = await listVariants(tx, [before.id])
      const target = await targetOf(tx, { before, variants, wanted: input.toVariantId })
      const isThere = target.id === before.stableVariantId && before.canaryVariantId === null
      return isThere ? nothingDone(ctx, before, target) : goBack(ctx, tx, { before, variants, target, input })
    },
  )
}

type Target = { before: EndpointRow; variants: DeployedVariant[]; wanted: string | undefined }

async function targetOf(db: Db, { before, variants, wanted }: Target): Promise<DeployedVariant> {
  const id = wanted ?? (await rollbackTarget(db, before))
  if (id === null) {
    return refuse('conflict', `nothing to roll ${before.name} back to: no other variant ever carried all its traffic`, {
      field: 'endpointId',
    })
  }
  const target = variants.find((variant) => variant.id === id)
  if (!target) return refuse('not_found', 'this endpoint has no such variant', { field: 'toVariantId' })
  if (target.stableSince === null) {
    refuse('conflict', `r${target.number} never carried all traffic; start a rollout to it instead`, {
      field: 'toVariantId',
    })
  }
  return target
}

function nothingDone(ctx: Ctx, { generation }: EndpointRow, { number }: DeployedVariant): Outcome<Answer> {
  const undoUntil = ctx.now().toISOString()
  return { answer: { generation, from: [number], to: number, rolloutId: null, undoUntil }, note: null, changes: [] }
}

type Going = { before: EndpointRow; variants: DeployedVariant[]; target: DeployedVariant; input: Input }

async function goBack(ctx: Ctx, tx: Db, { before, variants, target, input }: Going): Promise<Outcome<Answer>> {
  const now = ctx.now()
  const numbers = new Map(variants.map(({ id, number }) => [id, number]))
  const from = servedBy(weightsOf(before), numbers)
  const ended = await endRollout(ctx, tx, { before, target, reason: input.reason, now })
  const left = [before.canaryVariantId, before.stableVariantId].filter((id) => id !== null && id !== target.id)
  for (const variantId of left) await markRolledBack(tx, { variantId: variantId as string, at: now })
  if (target.id !== before.stableVariantId) await markStable(tx, { variantId: target.id, at: now })
  const next = { stableVariantId: target.id, canaryVariantId: null, canaryBps: 0, pinnedAt: now }
  const { generation } = await commitRouting(tx, { before, next, cause: ROLLBACK_CAUSE, at: now })
  const undoUntil = new Date(now.getTime() + UNDO_MS).toISOString()
  const reason = input.reason === '' ? '' : `: ${input.reason}`
  return {
    answer: { generation, from, to: target.number, rolloutId: ended?.id ?? null, undoUntil },
    note: {
      action: 'endpoint.rolled_back',
      targetKind: 'endpoint',
      targetId: before.id,
      summary: `${before.name} rolled back from ${from.map((number) => `r${number}`).join(' and ')} to r${target.number}${reason}`,
      detail: { generation, from, to: target.number, rolloutId: ended?.id ?? null, alertId: input.alertId ?? null },
    },
    changes: [{ noun: 'endpoint', id: before.id }, ...(ended ? [{ noun: 'rollout', id: ended.id }] : [])],
  }
}

/**
 * The rollout that brought what serves now ends by the same decision as any other, with its own ledger entry, and at the
 * very instant of the rollback: that is how an undo knows it again.
 */
async function endRollout(
  ctx: Ctx,
  tx: Db,
  args: { before: EndpointRow; target: DeployedVariant; reason: string; now: Date },
): Promise<RolloutRow | null> {
  const { before, target, now } = args
  const isRunning = before.canaryVariantId !== null
  if (!isRunning && target.id === before.stableVariantId) return null
  const rollout = await findRolloutTo(tx, {
    endpointId: before.id,
    variantIds: [before.canaryVariantId ?? before.stableVariantId],
    states: isRunning ? ACTIVE_ROLLOUTS : ['promoted'],
  })
  if (!rollout) return null
  const actor = actorOf(ctx.principal)
  const evidence = evidenceIn(rollout)
  const command = { kind: 'roll_back' as const, actor: actor.label, reason: args.reason }
  const decision = decide(await gatherFacts(tx, { rollout, endpoint: before, evidence, command, now }))
  if (!isAction(decision)) return null
  const move = planMove(decision, { rollout, endpoint: before, evidence, now })
  const ended = await patchRollout(tx, { before: rollout, patch: move.patch, isMove: true })
  await appendLedger(tx, { ...move.note, projectId: before.projectId, at: now, actor })
  await queueRolloutWebhooks(ctx, tx, { rollout, endpoint: before.name, step: 'rolled_back' })
  return ended
}
