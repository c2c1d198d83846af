import {
  type AlertRow,
  appendLedger,
  type Db,
  insertAlert,
  insertDeliveries,
  listChannelRows,
  lockOpenAlert,
  notify,
  updateAlert,
} from '@modelyard/db'
import {
  ALERT_RULE_DEFAULTS,
  type AlertFacts,
  type AlertSeverity,
  decideAlert,
  fingerprint,
  type NotifyReason,
} from '@modelyard/domain'
import { actorOf, type Ctx } from '../context.ts'

export type Signal = {
  projectId: string
  project: string
  endpointId: string | null
  endpoint: string | null
  rule: string
  /** What makes two alerts the same, beside project, rule and endpoint. */
  labels?: Record<string, string>
  summary: string
  evidence: Record<string, unknown>
  driftReportId?: string
  rolloutId?: string
}

/**
 * A condition is seen true: open an alert, refresh the one there is, or escalate it. Runs inside the caller's
 * transaction, so that what was found, the alert and its deliveries commit together.
 */
export async function raiseAlert(
  tx: Db,
  ctx: Ctx,
  signal: Signal & { severity: AlertSeverity },
): Promise<{ alertId: string; opened: boolean }> {
  const known = await lockOpenAlert(tx, { projectId: signal.projectId, fingerprint: fingerprintOf(ctx, signal) })
  const now = ctx.now()
  const decision = decideAlert(
    known && factsOf(known),
    { kind: 'bad', severity: signal.severity },
    { nowMs: now.getTime(), rule: ALERT_RULE_DEFAULTS },
  )
  const seen = {
    summary: signal.summary,
    evidence: signal.evidence,
    severity: decision.severity ?? signal.severity,
    lastSeenAt: now,
    cleanCount: 0,
  }
  const alertId = known?.id ?? ctx.newId('alt')
  if (known) {
    await updateAlert(tx, alertId, {
      ...seen,
      state: decision.next === 'acked' ? 'acked' : 'firing',
      count: known.count + 1,
      driftReportId: signal.driftReportId ?? known.driftReportId,
    })
  } else {
    const { projectId, endpointId, rule } = signal
    const links = { driftReportId: signal.driftReportId ?? null, rolloutId: signal.rolloutId ?? null }
    await insertAlert(tx, {
      ...seen,
      ...links,
      id: alertId,
      projectId,
      endpointId,
      rule,
      fingerprint: fingerprintOf(ctx, signal),
      state: 'firing',
      count: 1,
      openedAt: now,
    })
  }
  const transition = TOLD[decision.notify ?? 'nobody']
  if (transition) await announce(tx, ctx, { alertId, signal, severity: signal.severity, transition })
  await notify(tx, {
    channel: 'modelyard_change',
    payload: { noun: 'alert', id: alertId, projectId: signal.projectId },
  })
  return { alertId, opened: known === null }
}

/** The condition is gone: resolve the open alert, if there is one. */
export async function clearAlert(tx: Db, ctx: Ctx, signal: Signal): Promise<boolean> {
  const known = await lockOpenAlert(tx, { projectId: signal.projectId, fingerprint: fingerprintOf(ctx, signal) })
  if (!known) return false
  const now = ctx.now()
  const decision = decideAlert(factsOf(known), { kind: 'good' }, { nowMs: now.getTime(), rule: ALERT_RULE_DEFAULTS })
  if (decision.action !== 'resolve') return false
  await updateAlert(tx, known.id, { state: 'resolved', resolvedAt: now, resolution: signal.summary })
  await announce(tx, ctx, { alertId: known.id, signal, severity: known.severity, transition: 'resolved' })
  await notify(tx, {
    channel: 'modelyard_change',
    payload: { noun: 'alert', id: known.id, projectId: signal.projectId },
  })
  return true
}

export type Announcement = {
  alertId: string
  signal: Omit<Signal, 'evidence'>
  severity: AlertSeverity
  transition: Transition
}

const VERBS = { fired: 'opened', escalated: 'escalated', acked: 'acked', resolved: 'resolved' } as const
type Transition = keyof typeof VERBS

/** Whom a sign of a condition that goes on wakes: nobody, until it gets worse. */
const TOLD: Partial<Record<NotifyReason | 'nobody', Transition>> = { opened: 'fired', escalated: 'escalated' }

/** Write the ledger entry and one delivery per enabled channel. */
export async function announce(
  tx: Db,
  ctx: Ctx,
  { alertId, signal, severity, transition }: Announcement,
): Promise<void> {
  const now = ctx.now()
  const { projectId, summary, rule, endpointId } = signal
  await appendLedger(tx, {
    projectId,
    at: now,
    actor: actorOf(ctx.principal),
    action: `alert.${VERBS[transition]}`,
    targetKind: 'alert',
    targetId: alertId,
    summary: `${severity} ${rule}: ${summary}`,
    detail: {
      rule,
      severity,
      endpointId,
      driftReportId: signal.driftReportId ?? null,
      rolloutId: signal.rolloutId ?? null,
    },
  })
  const payload = {
    alertId,
    project: signal.project,
    endpoint: signal.endpoint,
    rule,
    severity,
    summary,
    links: {
      alert: `${ctx.consoleUrl}/a/${alertId}`,
      ...(endpointId === null ? {} : { rollback: `${ctx.consoleUrl}/r/${endpointId}?alert=${alertId}` }),
    },
  }
  const channels = (await listChannelRows(tx, projectId)).filter((channel) => channel.enabled)
  await insertDeliveries(
    tx,
    channels.map((channel) => ({
      id: ctx.newId('dlv'),
      projectId,
      alertId,
      channelId: channel.id,
      transition,
      payload,
      state: 'pending' as const,
      nextAt: now,
      createdAt: now,
    })),
  )
}

function fingerprintOf(ctx: Ctx, signal: Signal): string {
  return fingerprint(
    signal.projectId,
    { ...signal.labels, rule: signal.rule, endpoint: signal.endpointId ?? '' },
    ctx.sha256,
  )
}

export function factsOf(row: AlertRow): AlertFacts {
  return {
    state: row.state,
    severity: row.severity,
    lastNotifiedAtMs: row.openedAt.getTime(),
    cleanInRow: row.cleanCount,
  }
}
