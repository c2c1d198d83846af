import {
  type Census,
  countLabels,
  type Db,
  listActiveRollouts,
  listMonitored,
  listProjectSlugs,
  listVariants,
  takeCensus,
} from '@modelyard/db'
import { summariseEvidence } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { evidenceIn, policyOf } from '../rollout/facts.ts'

/** How near each guard of each running rollout is to rolling back: 1 does. */
export type GuardLevel = { project: string; endpoint: string; guard: string; ratio: number }

/** How often each variant was right lately, where enough true labels are known to say so. */
export type VariantAccuracy = { project: string; endpoint: string; variant: string; ratio: number }

const RECENT_MS = 3_600_000
const FEW_LABELS = 20

export type Counted = Census & { guards: GuardLevel[]; accuracies: VariantAccuracy[] }

/** Counts over the whole installation, for the metrics of a process and not for callers. */
export async function readCensus(ctx: Ctx): Promise<Counted> {
  const slugs = new Map((await listProjectSlugs(ctx.db)).map(({ id, slug }) => [id, slug]))
  const guards = (await listActiveRollouts(ctx.db)).flatMap(({ rollout, endpoint }) =>
    summariseEvidence(evidenceIn(rollout).process, policyOf(rollout)).map(({ guard, logE, logThreshold }) => {
      const project = slugs.get(rollout.projectId) ?? rollout.projectId
      return { project, endpoint: endpoint.name, guard, ratio: Math.max(0, logE / logThreshold) }
    }),
  )
  const since = new Date(ctx.now().getTime() - RECENT_MS)
  return { ...(await takeCensus(ctx.db)), guards, accuracies: await readAccuracies(ctx.db, { slugs, since }) }
}

async function readAccuracies(
  db: Db,
  { slugs, since }: { slugs: ReadonlyMap<string, string>; since: Date },
): Promise<VariantAccuracy[]> {
  const found: VariantAccuracy[] = []
  for (const { endpoint } of await listMonitored(db)) {
    const counted = (await countLabels(db, { endpointId: endpoint.id, from: since })).filter(
      ({ labelled }) => labelled >= FEW_LABELS,
    )
    if (counted.length === 0) continue
    const numbers = new Map((await listVariants(db, [endpoint.id])).map(({ id, number }) => [id, number]))
    const named = { project: slugs.get(endpoint.projectId) ?? endpoint.projectId, endpoint: endpoint.name }
    for (const { variantId, labelled, correct } of counted)
      found.push({ ...named, variant: `r${numbers.get(variantId)}`, ratio: correct / labelled })
  }
  return found
}
