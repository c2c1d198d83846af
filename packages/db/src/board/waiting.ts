import { and, asc, eq, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { approval, job, model, modelVersion, rollout, runner } from '../schema/index.ts'

const MOST = 50

/** What waits for a person or a machine in a project, oldest first; runners serve the whole installation. */
export async function readWaiting(db: Db, args: { projectId: string; seenSince: Date }) {
  const { projectId } = args
  const [approvals, pausedRollouts, queuedJobs, [runners]] = await Promise.all([
    db
      .select({
        approvalId: approval.id,
        modelVersionId: approval.modelVersionId,
        model: model.name,
        version: modelVersion.version,
        requestedAt: approval.requestedAt,
      })
      .from(approval)
      .innerJoin(modelVersion, eq(approval.modelVersionId, modelVersion.id))
      .innerJoin(model, eq(modelVersion.modelId, model.id))
      .where(and(eq(approval.projectId, projectId), eq(approval.state, 'requested')))
      .orderBy(asc(approval.id))
      .limit(MOST),
    db
      .select({ id: rollout.id })
      .from(rollout)
      .where(and(eq(rollout.projectId, projectId), eq(rollout.state, 'paused')))
      .orderBy(asc(rollout.id))
      .limit(MOST),
    db
      .select({ id: job.id, name: job.name, whyWaiting: job.whyWaiting, createdAt: job.createdAt })
      .from(job)
      .where(and(eq(job.projectId, projectId), eq(job.state, 'queued')))
      .orderBy(asc(job.id))
      .limit(MOST),
    db
      .select({
        online: sql<number>`(count(*) filter (where ${runner.state} = 'online' and ${runner.lastSeenAt} >= ${args.seenSince}))::int`,
        total: sql<number>`(count(*) filter (where ${runner.state} <> 'disabled'))::int`,
      })
      .from(runner),
  ])
  return { approvals, pausedRollouts, queuedJobs, runners: runners ?? { online: 0, total: 0 } }
}
