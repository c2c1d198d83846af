import type { ActOnAlert, AlertSummary } from '@modelyard/contracts'
import { findAlertRow, lockAlert, updateAlert } from '@modelyard/db'
import { ALERT_RULE_DEFAULTS, decideAlert, refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import { actorOf, type Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'
import { announce, factsOf } from './raise.ts'

/** A person takes an alert on, or declares it over. Repeating either changes nothing. */
export async function actOnAlert(
  ctx: Ctx,
  input: z.output<typeof ActOnAlert>,
): Promise<Pick<z.output<typeof AlertSummary>, 'id' | 'state'>> {
  const { project } = await inProject(ctx, input.project, 'alert.act')
  const { idempotencyKey, ...request } = input
  return mutate(
    ctx,
    { verb: 'alert.act', projectId: project.id, idempotency: { key: idempotencyKey, request } },
    async (tx) => {
      const row = await lockAlert(tx, { projectId: project.id, id: input.alertId })
      if (!row) return refuse('not_found', 'there is no such alert in this project', { field: 'alertId' })
      const now = ctx.now()
      const actor = actorOf(ctx.principal)
      const decision = decideAlert(
        factsOf(row),
        { kind: input.action },
        { nowMs: now.getTime(), rule: ALERT_RULE_DEFAULTS },
      )
      if (decision.action === 'refuse')
        refuse('conflict', decision.message ?? 'this alert cannot take that', { field: 'action' })
      if (decision.action === 'none' || row.state === 'resolved')
        return { answer: { id: row.id, state: row.state }, note: null, changes: [] }
      const acked = input.action === 'ack'
      await updateAlert(
        tx,
        row.id,
        acked
          ? { state: 'acked', ackedBy: actor, ackedAt: now }
          : { state: 'resolved', resolvedAt: now, resolution: input.note || `resolved by ${actor.label}` },
      )
      const named = await findAlertRow(tx, row.id)
      const signal = {
        ...row,
        driftReportId: row.driftReportId ?? undefined,
        rolloutId: row.rolloutId ?? undefined,
        project: project.slug,
        endpoint: named?.endpoint ?? null,
        summary: input.note || row.summary,
      }
      await announce(tx, ctx, {
        alertId: row.id,
        signal,
        severity: row.severity,
        transition: acked ? 'acked' : 'resolved',
      })
      return {
        answer: { id: row.id, state: acked ? ('acked' as const) : ('resolved' as const) },
        note: null,
        changes: [{ noun: 'alert', id: row.id }],
      }
    },
  )
}
