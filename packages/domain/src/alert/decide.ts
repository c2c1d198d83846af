/** What a signal does to an alert: open, refresh, escalate, acknowledge, resolve; and whether anybody is told. */
import { type AlertSeverity, type AlertState, severityRank } from './state.ts'

/** Times in milliseconds since 1970. `cleanInRow`: good evaluations in a row so far. */
export type AlertFacts = {
  state: AlertState
  severity: AlertSeverity
  lastNotifiedAtMs: number | null
  cleanInRow: number
}

/** `resolveAfter` good evaluations in a row end it; `repeatMs` is the reminder (null: none); `noData` what silence means. */
export type AlertRule = { resolveAfter: number; repeatMs: number | null; noData: 'ok' | 'alerting' | 'keep' }
export const ALERT_RULE_DEFAULTS: AlertRule = { resolveAfter: 1, repeatMs: 4 * 3_600_000, noData: 'keep' }

/** `bad`, `good` and `no_data` come from an evaluation, `ack` and `resolve` from a person. */
export type AlertSignal =
  | { kind: 'bad'; severity: AlertSeverity }
  | { kind: 'good' }
  | { kind: 'no_data'; severity: AlertSeverity }
  | { kind: 'ack' }
  | { kind: 'resolve' }

export type NotifyReason = 'opened' | 'escalated' | 'repeat' | 'acked' | 'resolved'
export type AlertAction = 'open' | 'refresh' | 'escalate' | 'ack' | 'resolve' | 'none' | 'refuse'

/** `notify` null: nobody is told. `message` is set when a person's signal is refused. */
export type AlertDecision = {
  action: AlertAction
  next: AlertState
  severity: AlertSeverity | null
  cleanInRow: number
  notify: NotifyReason | null
  message: string | null
}

/** `nowMs` is the database's clock. */
export type AlertContext = { nowMs: number; rule: AlertRule }

/** Decide. `alert` null: none is open under this fingerprint, so a bad signal opens a new episode. */
export function decideAlert(alert: AlertFacts | null, signal: AlertSignal, context: AlertContext): AlertDecision {
  const meant = resolveNoData(signal, context.rule)
  if (meant === null) return nothing(alert)
  if (alert === null || alert.state === 'resolved') return onClosed(alert, meant)
  switch (meant.kind) {
    case 'bad':
      return onBad(alert, meant.severity, context)
    case 'good':
      return onGood(alert, context.rule)
    case 'ack':
      return alert.state === 'acked'
        ? nothing(alert)
        : { ...nothing(alert), action: 'ack', next: 'acked', notify: 'acked' }
    case 'resolve':
      return { ...nothing(alert), action: 'resolve', next: 'resolved', notify: 'resolved' }
  }
}

type Meant = Exclude<AlertSignal, { kind: 'no_data' }>

function resolveNoData(signal: AlertSignal, rule: AlertRule): Meant | null {
  if (signal.kind !== 'no_data') return signal
  if (rule.noData === 'keep') return null
  return rule.noData === 'ok' ? { kind: 'good' } : { kind: 'bad', severity: signal.severity }
}

function nothing(alert: AlertFacts | null): AlertDecision {
  const { state = 'resolved', severity = null, cleanInRow = 0 } = alert ?? {}
  return { action: 'none', next: state, severity, cleanInRow, notify: null, message: null }
}

function onClosed(alert: AlertFacts | null, signal: Meant): AlertDecision {
  if (signal.kind === 'bad') {
    return { action: 'open', next: 'firing', severity: signal.severity, cleanInRow: 0, notify: 'opened', message: null }
  }
  if (signal.kind !== 'ack') return nothing(alert)
  return { ...nothing(alert), action: 'refuse', message: 'this alert is resolved; there is nothing to acknowledge' }
}

function onBad(alert: AlertFacts, severity: AlertSeverity, { nowMs, rule }: AlertContext): AlertDecision {
  const same = { ...nothing(alert), cleanInRow: 0 }
  if (severityRank(severity) > severityRank(alert.severity)) {
    return { ...same, action: 'escalate', next: 'firing', severity, notify: 'escalated' }
  }
  const quietMs = alert.lastNotifiedAtMs === null ? Number.POSITIVE_INFINITY : nowMs - alert.lastNotifiedAtMs
  const repeats = alert.state === 'firing' && rule.repeatMs !== null && quietMs >= rule.repeatMs
  return { ...same, action: 'refresh', notify: repeats ? 'repeat' : null }
}

function onGood(alert: AlertFacts, rule: AlertRule): AlertDecision {
  const cleanInRow = alert.cleanInRow + 1
  if (cleanInRow < rule.resolveAfter) return { ...nothing(alert), action: 'refresh', cleanInRow }
  return { ...nothing(alert), action: 'resolve', next: 'resolved', cleanInRow, notify: 'resolved' }
}
