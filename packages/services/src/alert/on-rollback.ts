import { tables } from '@modelyard/db'
import { eq } from 'drizzle-orm'
import type { Ctx } from '../context.ts'
import { raiseAlert } from './raise.ts'

/** A rollout rolled back by itself: tell the people on call. Called for an outbox row, so it may come twice; the rollout's id makes it one alert. */
export async function alertOnRollback(ctx: Ctx, args: { rolloutId: string }): Promise<void> {
  const [found] = await ctx.db
    .select({ rollout: tables.rollout, endpoint: tables.endpoint, project: tables.project })
    .from(tables.rollout)
    .innerJoin(tables.endpoint, eq(tables.endpoint.id, tables.rollout.endpointId))
    .innerJoin(tables.project, eq(tables.project.id, tables.rollout.projectId))
    .where(eq(tables.rollout.id, args.rolloutId))
  if (!found) return
  const { rollout, endpoint, project } = found
  await ctx.db.transaction(async (tx) => {
    const [known] = await tx
      .select({ id: tables.alert.id })
      .from(tables.alert)
      .where(eq(tables.alert.rolloutId, rollout.id))
    if (known) return
    await raiseAlert(tx, ctx, {
      projectId: project.id,
      project: project.slug,
      endpointId: endpoint.id,
      endpoint: endpoint.name,
      rule: 'rollout.rolled_back',
      labels: { rollout: rollout.id },
      severity: 'warning',
      summary: `Rollout #${rollout.number} of ${endpoint.name}. ${rollout.reason ?? 'Rolled back; no reason was recorded.'}`,
      evidence: { rolloutNumber: rollout.number, reason: rollout.reason },
      rolloutId: rollout.id,
    })
  })
}
