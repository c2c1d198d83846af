import type { Rollout, StartRollout } from '@modelyard/contracts'
import {
  type Db,
  type EndpointRow,
  findDeployable,
  findEndpoint,
  insertRollout,
  insertVariant,
  listVariants,
  type RolloutRow,
  violates,
} from '@modelyard/db'
import { checkPolicy, diffSignatures, makePolicy, refuse, type Signature } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import { actorOf, type Ctx } from '../context.ts'
import { commitRouting } from '../endpoint/commit-routing.ts'
import { type Deployable, requireDeployable } from '../endpoint/deployable.ts'
import { mutate } from '../mutate.ts'
import { startEvidence } from './counting.ts'
import { queueRolloutWebhooks } from './told.ts'
import { rolloutView } from './view.ts'

type Input = z.output<typeof StartRollout>

/**
 * Put an approved version beside what serves, at the weight of the first step. One rollout per endpoint at a time. An
 * endpoint that was rolled back is pinned; a person who starts a rollout takes the pin out, and nothing else does.
 */
export async function startRollout(ctx: Ctx, input: Input): Promise<Rollout> {
  const { project } = await inProject(ctx, input.project, 'rollout.act')
  const problem = checkPolicy(makePolicy(input.policy))
  if (problem) refuse('invalid', problem.message, { field: `policy.${problem.field}` })
  const { idempotencyKey, ...request } = input
  return mutate(
    ctx,
    { verb: 'rollout.start', projectId: project.id, idempotency: { key: idempotencyKey, request } },
    async (tx) => {
      const before = await findEndpoint(tx, { projectId: project.id, endpointId: input.endpointId, lock: true })
      if (!before) return refuse('not_found', 'there is no such endpoint in this project', { field: 'endpointId' })
      const next = await requireDeployable(tx, { projectId: project.id, modelVersionId: input.modelVersionId })
      await requireSameShape(tx, before, next)
      const rollout = await begin(ctx, tx, { before, input })
      await queueRolloutWebhooks(ctx, tx, { rollout, endpoint: before.name, step: 'started' })
      const [from, to] = await shownAs(tx, rollout)
      const started = `Rollout #${rollout.number} of ${before.name} takes ${next.model} v${next.version.version} from r${from} to r${to}`
      return {
        answer: await rolloutView(tx, rollout),
        note: {
          action: 'rollout.started',
          targetKind: 'rollout',
          targetId: rollout.id,
          summary: started,
          detail: {
            endpointId: before.id,
            modelVersionId: input.modelVersionId,
            policy: input.policy,
            generation: before.generation + 1,
            pinRemoved: before.pinnedAt !== null,
          },
        },
        changes: [
          { noun: 'rollout', id: rollout.id },
          { noun: 'endpoint', id: before.id },
        ],
      }
    },
  )
}

async function begin(ctx: Ctx, tx: Db, args: { before: EndpointRow; input: Input }): Promise<RolloutRow> {
  const { before, input } = args
  const now = ctx.now()
  const by = actorOf(ctx.principal)
  const scope = { projectId: before.projectId, endpointId: before.id }
  const created = { createdBy: by, createdAt: now, stableSince: null }
  const id = ctx.newId('ro')
  const variant = await insertVariant(tx, {
    ...scope,
    ...created,
    id: ctx.newId('var'),
    modelVersionId: input.modelVersionId,
  })
  const row = {
    ...scope,
    id,
    fromVariantId: before.stableVariantId,
    toVariantId: variant.id,
    state: 'progressing' as const,
    policy: input.policy,
    stepIndex: 0,
    stepStartedAt: now,
    evidence: startEvidence(now),
    evidenceTo: now,
    reason: null,
    revision: 0,
    startedBy: by,
    startedAt: now,
    endedAt: null,
  }
  const rollout = await insertRollout(tx, row).catch((error: unknown) => {
    if (violates(error, 'rollout_active'))
      refuse('conflict', `endpoint ${before.name} has a rollout already; end it first`, { field: 'endpointId' })
    throw error
  })
  const canaryBps = input.policy.steps[0]?.weightBps ?? 0
  const next = { stableVariantId: before.stableVariantId, canaryVariantId: variant.id, canaryBps, pinnedAt: null }
  await commitRouting(tx, { before, next, cause: `rollout.started:${id}`, at: now })
  return rollout
}

/** Callers must not notice which variant answers. */
async function requireSameShape(db: Db, before: EndpointRow, next: Deployable): Promise<void> {
  const stable = (await listVariants(db, [before.id])).find(({ id }) => id === before.stableVariantId)
  const serving = stable && (await findDeployable(db, { ...before, modelVersionId: stable.modelVersionId }))
  if (!serving) return
  const signature = (found: Deployable) => found.version.signature as unknown as Signature
  const differences = diffSignatures(signature(serving), signature(next))
  if (differences.length > 0) {
    refuse(
      'blocked',
      `${next.model} v${next.version.version} cannot stand in for r${stable.number}: ${differences[0]}`,
      {
        field: 'modelVersionId',
        details: { differences },
      },
    )
  }
}

async function shownAs(db: Db, rollout: RolloutRow): Promise<[number, number]> {
  const variants = await listVariants(db, [rollout.endpointId])
  const number = (id: string) => variants.find((variant) => variant.id === id)?.number ?? 0
  return [number(rollout.fromVariantId), number(rollout.toVariantId)]
}
