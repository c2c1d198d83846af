import type { Board } from '@modelyard/contracts'
import { listEndpointRows, listLedger as listEntries, readWaiting } from '@modelyard/db'
import { inProject } from '../access.ts'
import { listAlerts } from '../alert/read.ts'
import type { Ctx } from '../context.ts'
import { summariseEndpoints } from '../endpoint/view.ts'
import { ledgerView } from '../ledger/list.ts'

const FIRING = 20
const CHANGES = 20
/** A runner whose poll did not come for so long is not there. */
const RUNNER_LIVE_MS = 60_000
const RANK = { down: 0, degraded: 1, healthy: 2, idle: 3 } as const

/** The page Now: what is wrong, what changed, what waits. Endpoints stand worst first. */
export async function readBoard(ctx: Ctx, input: { project: string }): Promise<Board> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const now = ctx.now()
  const seenSince = new Date(now.getTime() - RUNNER_LIVE_MS)
  const [firing, rows, changes, waiting] = await Promise.all([
    listAlerts(ctx, { project: input.project, state: 'firing', limit: FIRING }),
    listEndpointRows(ctx.db, project.id),
    listEntries(ctx.db, { projectId: project.id, limit: CHANGES }),
    readWaiting(ctx.db, { projectId: project.id, seenSince }),
  ])
  const endpoints = await summariseEndpoints(ctx.db, { project, endpoints: rows, now })
  return {
    firing: firing.items,
    endpoints: endpoints.toSorted((left, right) => RANK[left.health] - RANK[right.health]),
    changes: changes.map(ledgerView),
    waiting: {
      approvals: waiting.approvals.map(({ requestedAt, ...rest }) => ({
        ...rest,
        requestedAt: requestedAt.toISOString(),
      })),
      pausedRollouts: waiting.pausedRollouts.map(({ id }) => id),
      queuedJobs: waiting.queuedJobs.map(({ id, name, whyWaiting, createdAt }) => ({
        jobId: id,
        name,
        why: whyWaiting?.message ?? 'waits for the next round of planning',
        since: createdAt.toISOString(),
      })),
    },
    runners: waiting.runners,
  }
}
