import { bumpSnapshot, type Db, type EndpointRow, type RoutingChange, swapRouting } from '@modelyard/db'
import { refuse, type VariantShare } from '@modelyard/domain'

/**
 * The one place where routing changes: compare-and-set on the endpoint's revision, generation + 1, the history row, and
 * the new snapshot for the gateways, all in the caller's transaction.
 * @throws Refusal `stale` when the endpoint changed since `before` was read.
 */
export async function commitRouting(
  tx: Db,
  args: { before: EndpointRow; next: RoutingChange; cause: string; at: Date },
): Promise<EndpointRow> {
  const row = await swapRouting(tx, args)
  if (!row) {
    return refuse('stale', `endpoint ${args.before.name} was changed meanwhile; read it again`, {
      field: 'endpointId',
      details: { endpointId: args.before.id, revision: args.before.revision },
    })
  }
  await bumpSnapshot(tx)
  return row
}

/** Numbers of the variants that serve something, for messages. */
export function servedBy(weights: readonly VariantShare[], numbers: ReadonlyMap<string, number>): number[] {
  return weights.filter(({ weightBps }) => weightBps > 0).flatMap(({ variantId }) => numbers.get(variantId) ?? [])
}
