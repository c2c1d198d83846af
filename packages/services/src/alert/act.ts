import type { ActOnAlert, AlertSummary } from '@modelyard/contracts'
import { type AlertRow, type Db, findAlertRow, lockAlert, updateAlert } from '@modelyard/db'
import { ALERT_RULE_DEFAULTS, decideAlert, refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import { actorOf, type Ctx } from '../context.ts'
import { mutate, type Outcome } from '../mutate.ts'
import { type Announcement, announce, factsOf } from './raise.ts'

type Input = z.output<typeof ActOnAlert>
type Answer = Pick<z.output<typeof AlertSummary>, 'id' | 'state'>

/** A person takes an alert on, or declares it over. Repeating either changes nothing. */
export async function actOnAlert(ctx: Ctx, input: Input): Promise<Answer> {
  const { project } = await inProject(ctx, input.project, 'alert.act')
  const { idempotencyKey, ...request } = input
  const mutation = { verb: 'alert.act', projectId: project.id, idempotency: { key: idempotencyKey, request } }
  return mutate(ctx, mutation, async (tx): Promise<Outcome<Answer>> => {
    const row = await lockAlert(tx, { projectId: project.id, id: input.alertId })
    if (!row) return refuse('not_found', 'there is no such alert in this project', { field: 'alertId' })
    const context = { nowMs: ctx.now().getTime(), rule: ALERT_RULE_DEFAULTS }
    const decision = decideAlert(factsOf(row), { kind: input.action }, context)
    if (decision.message !== null) refuse('conflict', decision.message, { field: 'action' })
    const answer = { id: row.id, state: decision.next }
    if (decision.action === 'none') return { answer, note: null, changes: [] }
    await updateAlert(tx, row.id, changeBy(ctx, input))
    await announce(tx, ctx, {
      alertId: row.id,
      signal: await signalOf(tx, { row, project: project.slug, note: input.note }),
      severity: row.severity,
      transition: input.action === 'ack' ? 'acked' : 'resolved',
    })
    return { answer, note: null, changes: [{ noun: 'alert', id: row.id }] }
  })
}

function changeBy(ctx: Ctx, input: Input): Partial<AlertRow> {
  const actor = actorOf(ctx.principal)
  if (input.action === 'ack') return { state: 'acked', ackedBy: actor, ackedAt: ctx.now() }
  return { state: 'resolved', resolvedAt: ctx.now(), resolution: input.note || `resolved by ${actor.label}` }
}

async function signalOf(
  tx: Db,
  args: { row: AlertRow; project: string; note: string },
): Promise<Announcement['signal']> {
  const { row, project, note } = args
  const named = await findAlertRow(tx, row.id)
  return {
    projectId: row.projectId,
    project,
    endpointId: row.endpointId,
    endpoint: named?.endpoint ?? null,
    rule: row.rule,
    summary: note || row.summary,
    ...(row.driftReportId === null ? {} : { driftReportId: row.driftReportId }),
    ...(row.rolloutId === null ? {} : { rolloutId: row.rolloutId }),
  }
}
