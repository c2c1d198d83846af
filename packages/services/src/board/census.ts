import { type Census, listActiveRollouts, listProjectSlugs, takeCensus } from '@modelyard/db'
import { summariseEvidence } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { evidenceIn, policyOf } from '../rollout/facts.ts'

/** How near each guard of each running rollout is to rolling back: 1 does. */
export type GuardLevel = { project: string; endpoint: string; guard: string; ratio: number }

/** Counts over the whole installation, for the metrics of a process and not for callers. */
export async function readCensus(ctx: Ctx): Promise<Census & { guards: GuardLevel[] }> {
  const slugs = new Map((await listProjectSlugs(ctx.db)).map(({ id, slug }) => [id, slug]))
  const guards = (await listActiveRollouts(ctx.db)).flatMap(({ rollout, endpoint }) =>
    summariseEvidence(evidenceIn(rollout).process, policyOf(rollout)).map(({ guard, logE, logThreshold }) => {
      const project = slugs.get(rollout.projectId) ?? rollout.projectId
      return { project, endpoint: endpoint.name, guard, ratio: Math.max(0, logE / logThreshold) }
    }),
  )
  return { ...(await takeCensus(ctx.db)), guards }
}
