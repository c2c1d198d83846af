/** What a signal does to an alert: open, refresh, escalate, acknowledge, resolve; and whether anybody is told. */
import { type AlertSeverity, type AlertState, severityRank } from './state.ts'

/** Times in milliseconds since 1970. `lastBadAtMs`: when the condition was last seen true. */
export type AlertFacts = {
  state: AlertState
  severity: AlertSeverity
  openedAtMs: number
  lastBadAtMs: number
  lastNotifiedAtMs: number | null
}

/** `forMs`: how long it must last before anybody is told; `keepFiringMs`: how long it must be gone; `repeatMs`: reminder. */
export type AlertRule = {
  forMs: number
  keepFiringMs: number
  repeatMs: number | null
  noData: 'ok' | 'alerting' | 'keep'
}
export const ALERT_RULE_DEFAULTS: AlertRule = { forMs: 0, keepFiringMs: 0, repeatMs: 4 * 3_600_000, noData: 'keep' }

/** `bad`/`good`/`no_data` come from an evaluation, `ack`/`resolve` from a person. */
export type AlertSignal =
  | { kind: 'bad'; severity: AlertSeverity }
  | { kind: 'good' }
  | { kind: 'no_data'; severity: AlertSeverity }
  | { kind: 'ack'; actor: string }
  | { kind: 'resolve'; actor: string }

export type NotifyReason = 'opened' | 'escalated' | 'repeat' | 'acked' | 'resolved'
export type AlertAction = 'open' | 'refresh' | 'fire' | 'escalate' | 'ack' | 'resolve' | 'none' | 'refuse'

/** `notify` null: nobody is told. `message` is set when a person's signal is refused. */
export type AlertDecision = {
  action: AlertAction
  next: AlertState
  severity: AlertSeverity | null
  notify: NotifyReason | null
  message: string | null
}

/** Decide. `alert` null: none is open under this fingerprint, so a bad signal opens a new episode. */
export function decideAlert(
  alert: AlertFacts | null,
  signal: AlertSignal,
  context: { nowMs: number; rule: AlertRule },
): AlertDecision {
  const meant = resolveNoData(signal, context.rule)
  if (meant === null) return nothing(alert)
  if (alert === null || alert.state === 'resolved') return onClosed(alert, meant, context.rule)
  switch (meant.kind) {
    case 'bad':
      return onBad(alert, meant.severity, context)
    case 'good':
      return onGood(alert, context)
    case 'ack':
      return onAck(alert)
    case 'resolve':
      return {
        action: 'resolve',
        next: 'resolved',
        severity: alert.severity,
        notify: told(alert) ? 'resolved' : null,
        message: null,
      }
  }
}

type Meant = Exclude<AlertSignal, { kind: 'no_data' }>

function resolveNoData(signal: AlertSignal, rule: AlertRule): Meant | null {
  if (signal.kind !== 'no_data') return signal
  if (rule.noData === 'keep') return null
  return rule.noData === 'ok' ? { kind: 'good' } : { kind: 'bad', severity: signal.severity }
}

function nothing(alert: AlertFacts | null): AlertDecision {
  return {
    action: 'none',
    next: alert?.state ?? 'resolved',
    severity: alert?.severity ?? null,
    notify: null,
    message: null,
  }
}

function onClosed(alert: AlertFacts | null, signal: Meant, rule: AlertRule): AlertDecision {
  if (signal.kind === 'bad') {
    const fires = rule.forMs <= 0
    return {
      action: 'open',
      next: fires ? 'firing' : 'pending',
      severity: signal.severity,
      notify: fires ? 'opened' : null,
      message: null,
    }
  }
  if (signal.kind === 'good' || signal.kind === 'resolve') return nothing(alert)
  return { ...nothing(alert), action: 'refuse', message: 'this alert is resolved; there is nothing to acknowledge' }
}

function onBad(
  alert: AlertFacts,
  severity: AlertSeverity,
  { nowMs, rule }: { nowMs: number; rule: AlertRule },
): AlertDecision {
  const worst = severityRank(severity) > severityRank(alert.severity) ? severity : alert.severity
  if (alert.state === 'pending') {
    const fires = nowMs - alert.openedAtMs >= rule.forMs
    return {
      action: fires ? 'fire' : 'refresh',
      next: fires ? 'firing' : 'pending',
      severity: worst,
      notify: fires ? 'opened' : null,
      message: null,
    }
  }
  if (worst !== alert.severity)
    return { action: 'escalate', next: 'firing', severity: worst, notify: 'escalated', message: null }
  const silentForMs = alert.lastNotifiedAtMs === null ? Number.POSITIVE_INFINITY : nowMs - alert.lastNotifiedAtMs
  const repeats = alert.state === 'firing' && rule.repeatMs !== null && silentForMs >= rule.repeatMs
  return { action: 'refresh', next: alert.state, severity: worst, notify: repeats ? 'repeat' : null, message: null }
}

function onGood(alert: AlertFacts, { nowMs, rule }: { nowMs: number; rule: AlertRule }): AlertDecision {
  if (alert.state !== 'pending' && nowMs - alert.lastBadAtMs < rule.keepFiringMs) return nothing(alert)
  return {
    action: 'resolve',
    next: 'resolved',
    severity: alert.severity,
    notify: told(alert) ? 'resolved' : null,
    message: null,
  }
}

/** Whoever heard of the alert hears of its end; nobody else. */
function told(alert: AlertFacts): boolean {
  return alert.state !== 'pending'
}

function onAck(alert: AlertFacts): AlertDecision {
  if (alert.state === 'acked') return nothing(alert)
  if (alert.state === 'pending') return { ...nothing(alert), action: 'refuse', message: 'this alert has not fired yet' }
  return { action: 'ack', next: 'acked', severity: alert.severity, notify: 'acked', message: null }
}
