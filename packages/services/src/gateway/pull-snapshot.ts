import type { PullSnapshot, Snapshot, SnapshotEndpoint, SnapshotKey } from '@modelyard/contracts'
import { type Db, readSnapshot, snapshotGeneration, weightsOf } from '@modelyard/db'
import { can, type KeyScope, keyCan } from '@modelyard/domain'
import type { z } from 'zod'
import { asGateway } from '../access.ts'
import type { Ctx } from '../context.ts'
import type { Arm } from '../hub.ts'

type SnapshotRows = Awaited<ReturnType<typeof readSnapshot>>
type SnapshotVariant = SnapshotEndpoint['variants'][number]
type KeyView = z.output<typeof SnapshotKey>

/** What one key may ask of one gateway. */
const KEY_RATE = { requestsPerSecond: 500, burst: 1_000 }

/**
 * The whole routing state, as soon as it differs from what the gateway has; null when nothing changed in `waitMs`.
 * The ear is armed before the state is read, so a change between the two is heard.
 */
export async function pullSnapshot(
  ctx: Ctx,
  input: z.output<typeof PullSnapshot>,
  waiting: { arm: Arm; signal?: AbortSignal },
): Promise<{ snapshot: Snapshot | null }> {
  asGateway(ctx)
  const ear = waiting.arm('modelyard_routes')
  try {
    if ((await snapshotGeneration(ctx.db)) === input.have) {
      await ear.wait(input.waitMs, waiting.signal)
      if ((await snapshotGeneration(ctx.db)) === input.have) return { snapshot: null }
    }
    return { snapshot: await buildSnapshot(ctx.db, ctx.now()) }
  } finally {
    ear.disarm()
  }
}

async function buildSnapshot(db: Db, now: Date): Promise<Snapshot> {
  const rows = await readSnapshot(db)
  return {
    generation: rows.generation,
    at: now.toISOString(),
    endpoints: endpointsOf(rows.routes),
    keys: keysOf(rows.keys, now),
  }
}

function endpointsOf(routes: SnapshotRows['routes']): SnapshotEndpoint[] {
  const views = new Map<string, SnapshotEndpoint>()
  for (const route of routes) {
    const { endpoint } = route
    const view = views.get(endpoint.id) ?? {
      id: endpoint.id,
      projectId: endpoint.projectId,
      project: route.project,
      name: endpoint.name,
      generation: endpoint.generation,
      salt: endpoint.salt,
      variants: [],
    }
    view.variants.push(variantOf(route))
    views.set(endpoint.id, view)
  }
  return [...views.values()]
}

function variantOf({ endpoint, variant, version, model }: SnapshotRows['routes'][number]): SnapshotVariant {
  const signature = version.signature as {
    inputs: [SnapshotVariant['input']]
    outputs: SnapshotVariant['outputs']
  }
  return {
    id: variant.id,
    number: variant.number,
    role: variant.id === endpoint.stableVariantId ? 'stable' : 'canary',
    weightBps: weightsOf(endpoint).find(({ variantId }) => variantId === variant.id)?.weightBps ?? 0,
    modelVersionId: version.id,
    model,
    modelVersion: version.version,
    sha256: version.sha256,
    sizeBytes: version.sizeBytes,
    input: signature.inputs[0],
    outputs: signature.outputs,
    classes: version.classes,
  }
}

/** Keys that may predict, with the projects where their owner may too. */
function keysOf(rows: SnapshotRows['keys'], now: Date): KeyView[] {
  const views = new Map<string, KeyView>()
  for (const { id, sha256, scopes, expiresAt, projectId, role } of rows) {
    if (!keyCan(scopes as KeyScope[], 'prediction.create') || !can(role, 'prediction.create')) continue
    if (expiresAt !== null && expiresAt <= now) continue
    const view = views.get(id) ?? {
      id,
      sha256,
      projectIds: [],
      expiresAt: expiresAt?.toISOString() ?? null,
      ...KEY_RATE,
    }
    view.projectIds.push(projectId)
    views.set(id, view)
  }
  return [...views.values()]
}
