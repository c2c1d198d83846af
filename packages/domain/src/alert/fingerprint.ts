/** What makes two alerts the same: their labels, never their values. */
import type { AlertSeverity } from './state.ts'

export type AlertLabels = Readonly<Record<string, string>>

/** The text to hash: labels sorted by name, one a line, with lengths so that no two sets read alike. */
export function fingerprintText(labels: AlertLabels): string {
  return Object.keys(labels)
    .sort()
    .map((name) => `${name.length}:${name}=${labels[name]?.length ?? 0}:${labels[name] ?? ''}`)
    .join('\n')
}

/** Fingerprint of an alert: hash of its project and labels by the caller's hash function. */
export function fingerprint(projectId: string, labels: AlertLabels, hash: (text: string) => string): string {
  return hash(`${projectId}\n${fingerprintText(labels)}`)
}

/** The key under which receivers join all messages of one episode; it is the same in every retry. */
export function dedupKey(fingerprintHash: string, episodeStartedAtMs: number, hash: (text: string) => string): string {
  return hash(`${fingerprintHash}\n${episodeStartedAtMs}`)
}

/** A silence: labels that must match, a span, and who asked for it. At most thirty days. */
export type Silence = { matchers: AlertLabels; startsAtMs: number; endsAtMs: number; author: string; comment: string }
export const MAX_SILENCE_MS = 30 * 86_400_000

/** Why a silence is not acceptable, or null. */
export function checkSilence(silence: Silence): { field: string; message: string } | null {
  if (!(silence.endsAtMs > silence.startsAtMs)) return { field: 'endsAt', message: 'a silence ends after it starts' }
  if (silence.endsAtMs - silence.startsAtMs > MAX_SILENCE_MS)
    return { field: 'endsAt', message: 'a silence lasts at most 30 days' }
  if (Object.keys(silence.matchers).length === 0)
    return { field: 'matchers', message: 'a silence needs at least one label' }
  return silence.comment.trim() === '' ? { field: 'comment', message: 'a silence needs a reason' } : null
}

/** Whether any silence covers the alert now; its severity counts as a label. */
export function isSilenced(
  alert: { labels: AlertLabels; severity: AlertSeverity },
  silences: readonly Silence[],
  nowMs: number,
): boolean {
  const labels: AlertLabels = { ...alert.labels, severity: alert.severity }
  return silences.some(({ matchers, startsAtMs, endsAtMs }) => {
    const inSpan = nowMs >= startsAtMs && nowMs < endsAtMs
    return inSpan && Object.entries(matchers).every(([name, value]) => labels[name] === value)
  })
}
