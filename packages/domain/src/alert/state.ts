/** States of an alert. Silence is laid over them and never a state of its own. */

export const ALERT_STATES = ['firing', 'acked', 'resolved'] as const
export type AlertState = (typeof ALERT_STATES)[number]
export const ALERT_SEVERITIES = ['info', 'warning', 'critical'] as const
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number]

/** An acknowledged alert fires again when it grows worse. */
export const ALERT_TRANSITIONS: Readonly<Record<AlertState, readonly AlertState[]>> = {
  firing: ['acked', 'resolved'],
  acked: ['firing', 'resolved'],
  resolved: [],
}

export const severityRank = (severity: AlertSeverity): number => ALERT_SEVERITIES.indexOf(severity)
