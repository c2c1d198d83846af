import type { Alert, AlertSummary } from '@modelyard/contracts'
import { type AlertRow, deliveriesOf, findAlertRow, ledgerBetween, listAlertRows } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'

const BEFORE_MS = 30 * 60_000
type Summary = z.output<typeof AlertSummary>
type Deliveries = Awaited<ReturnType<typeof deliveriesOf>>
const iso = (at: Date | null) => at?.toISOString() ?? null

function summaryView(row: AlertRow, endpoint: string | null, deliveries: Deliveries): Summary {
  return {
    id: row.id,
    rule: row.rule,
    severity: row.severity,
    state: row.state,
    summary: row.summary,
    endpointId: row.endpointId,
    endpoint,
    count: row.count,
    openedAt: row.openedAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    ackedBy: row.ackedBy,
    resolvedAt: iso(row.resolvedAt),
    resolution: row.resolution,
    deliveries: deliveries
      .filter(({ delivery }) => delivery.alertId === row.id)
      .map(({ delivery, channel, kind }) => ({
        id: delivery.id,
        channel,
        kind,
        transition: delivery.transition,
        state: delivery.state,
        attempts: delivery.attempts,
        lastError: delivery.lastError,
        nextAt: iso(delivery.nextAt),
        deliveredAt: iso(delivery.deliveredAt),
      })),
  }
}

export type ListAlerts = {
  project: string
  state?: 'firing' | 'acked' | 'resolved'
  open?: boolean
  limit: number
  cursor?: string
}

/** Newest first; the cursor is the id the last page ended with. */
export async function listAlerts(
  ctx: Ctx,
  input: ListAlerts,
): Promise<{ items: Summary[]; nextCursor: string | null }> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const rows = await listAlertRows(ctx.db, {
    projectId: project.id,
    state: input.state,
    open: input.open,
    limit: input.limit + 1,
    beforeId: input.cursor,
  })
  const page = rows.slice(0, input.limit)
  const deliveries = await deliveriesOf(
    ctx.db,
    page.map(({ alert }) => alert.id),
  )
  return {
    items: page.map(({ alert, endpoint }) => summaryView(alert, endpoint, deliveries)),
    nextCursor: rows.length > input.limit ? (page.at(-1)?.alert.id ?? null) : null,
  }
}

/** One alert by its id alone, for short links: membership in its project is checked here, so a foreign one is not found. */
export async function getAlert(ctx: Ctx, input: { alertId: string }): Promise<Alert> {
  const found = await findAlertRow(ctx.db, input.alertId)
  if (!found) return refuse('not_found', 'there is no such alert', { field: 'alertId' })
  const { alert: row, endpoint, project: slug } = found
  await inProject(ctx, slug, 'project.read').catch(() =>
    refuse('not_found', 'there is no such alert', { field: 'alertId' }),
  )
  const scope = { projectId: row.projectId }
  const about = [row.endpointId, row.rolloutId].filter((id) => id !== null)
  const before = await ledgerBetween(ctx.db, {
    ...scope,
    targetIds: about,
    from: new Date(row.openedAt.getTime() - BEFORE_MS),
    to: row.openedAt,
  })
  const own = await ledgerBetween(ctx.db, {
    ...scope,
    targetIds: [row.id],
    from: row.openedAt,
    to: new Date(ctx.now().getTime() + 1000),
  })
  const view = (entry: (typeof before)[number]) => ({
    at: entry.at.toISOString(),
    action: entry.action,
    actor: entry.actor,
    detail: entry.summary,
  })
  return {
    ...summaryView(row, endpoint, await deliveriesOf(ctx.db, [row.id])),
    project: slug,
    evidence: row.evidence,
    driftReportId: row.driftReportId,
    rolloutId: row.rolloutId,
    changesBefore: before.map(view),
    timeline: own.map(view),
  }
}
