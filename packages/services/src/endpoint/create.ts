import type { CreateEndpoint, EndpointSummary } from '@modelyard/contracts'
import { bumpSnapshot, type EndpointRow, insertRouting, insertVariant, tables, violates } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import { actorOf, type Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'
import { requireDeployable } from './deployable.ts'
import { summariseEndpoints } from './view.ts'

/** Open an endpoint that serves an approved model version as r1, generation 1. */
export async function createEndpoint(ctx: Ctx, input: z.output<typeof CreateEndpoint>): Promise<EndpointSummary> {
  const { project } = await inProject(ctx, input.project, 'endpoint.deploy')
  const { idempotencyKey, ...request } = input
  const now = ctx.now()
  const variantId = ctx.newId('var')
  const row: EndpointRow = {
    id: ctx.newId('ep'),
    projectId: project.id,
    name: input.name,
    salt: ctx.newSecret().slice(0, 16),
    generation: 1,
    stableVariantId: variantId,
    canaryVariantId: null,
    canaryBps: 0,
    pinnedAt: null,
    revision: 0,
    createdAt: now,
  }
  return mutate(
    ctx,
    { verb: 'endpoint.create', projectId: project.id, idempotency: { key: idempotencyKey, request } },
    async (tx) => {
      const { version, model } = await requireDeployable(tx, { projectId: project.id, ...input })
      await tx
        .insert(tables.endpoint)
        .values(row)
        .catch((error: unknown) => {
          if (violates(error, 'endpoint_name'))
            refuse('conflict', `this project has an endpoint "${input.name}" already`, { field: 'name' })
          throw error
        })
      await insertVariant(tx, {
        id: variantId,
        projectId: project.id,
        endpointId: row.id,
        modelVersionId: version.id,
        stableSince: now,
        createdBy: actorOf(ctx.principal),
        createdAt: now,
      })
      await insertRouting(tx, { endpoint: row, cause: 'created', at: now })
      await bumpSnapshot(tx)
      const [answer] = await summariseEndpoints(tx, { project, endpoints: [row], now })
      if (!answer) throw new Error('the endpoint was not summarised')
      return {
        answer,
        note: {
          action: 'endpoint.created',
          targetKind: 'endpoint',
          targetId: row.id,
          summary: `Endpoint ${input.name} serves ${model} v${version.version} as r1`,
          detail: { modelVersionId: version.id, sha256: version.sha256, variantId, generation: 1 },
        },
        changes: [{ noun: 'endpoint', id: row.id }],
      }
    },
  )
}
