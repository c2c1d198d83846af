import type { Tone } from '@modelyard/ui'
import { type StatusIcon, StatusPill } from '@modelyard/ui/status-pill'
import { useTranslations } from 'next-intl'

type Look = { tone: Tone; icon?: StatusIcon }

/** How every state of every noun looks; its word is in the messages under the same name. */
const looks = {
  run: {
    scheduled: { tone: 'neutral', icon: 'waiting' },
    running: { tone: 'active' },
    finished: { tone: 'ok' },
    failed: { tone: 'crit' },
    killed: { tone: 'neutral', icon: 'off' },
  },
  job: {
    queued: { tone: 'neutral', icon: 'waiting' },
    active: { tone: 'active' },
    succeeded: { tone: 'ok' },
    failed: { tone: 'crit' },
    canceled: { tone: 'neutral', icon: 'off' },
  },
  attempt: {
    offered: { tone: 'info', icon: 'waiting' },
    running: { tone: 'active' },
    suspect: { tone: 'warn' },
    stopping: { tone: 'warn', icon: 'paused' },
    succeeded: { tone: 'ok' },
    failed: { tone: 'crit' },
    canceled: { tone: 'neutral', icon: 'off' },
    preempted: { tone: 'warn' },
    lost: { tone: 'crit' },
    rejected: { tone: 'warn' },
  },
  runner: {
    online: { tone: 'ok' },
    offline: { tone: 'crit' },
    draining: { tone: 'warn', icon: 'paused' },
    disabled: { tone: 'neutral', icon: 'off' },
  },
  stage: {
    candidate: { tone: 'info', icon: 'waiting' },
    approved: { tone: 'ok' },
    rejected: { tone: 'crit' },
    archived: { tone: 'neutral', icon: 'off' },
  },
  health: {
    healthy: { tone: 'ok' },
    degraded: { tone: 'warn' },
    down: { tone: 'crit' },
    idle: { tone: 'neutral', icon: 'off' },
  },
  rollout: {
    progressing: { tone: 'active' },
    paused: { tone: 'warn', icon: 'paused' },
    rolled_back: { tone: 'crit' },
    promoted: { tone: 'ok' },
    aborted: { tone: 'neutral', icon: 'off' },
  },
  verdict: {
    pass: { tone: 'ok' },
    inconclusive: { tone: 'neutral', icon: 'waiting' },
    fail: { tone: 'crit' },
  },
  drift: {
    ok: { tone: 'ok' },
    warn: { tone: 'warn' },
    critical: { tone: 'crit' },
    insufficient: { tone: 'neutral', icon: 'waiting' },
  },
  severity: {
    critical: { tone: 'crit' },
    warning: { tone: 'warn' },
    info: { tone: 'info', icon: 'info' },
  },
  alert: {
    firing: { tone: 'crit', icon: 'warn' },
    acked: { tone: 'info', icon: 'paused' },
    resolved: { tone: 'ok' },
  },
  delivery: {
    pending: { tone: 'neutral', icon: 'waiting' },
    delivered: { tone: 'ok' },
    failed: { tone: 'crit' },
  },
  approval: {
    requested: { tone: 'info', icon: 'waiting' },
    approved: { tone: 'ok' },
    rejected: { tone: 'crit' },
    void: { tone: 'neutral', icon: 'off' },
  },
  gate: {
    pass: { tone: 'ok' },
    fail: { tone: 'crit' },
    unknown: { tone: 'neutral', icon: 'waiting' },
    waived: { tone: 'warn' },
  },
} as const satisfies Record<string, Record<string, Look>>

type Looks = typeof looks
type StateOf<Noun extends keyof Looks> = keyof Looks[Noun] & string
type StateKey = { [Noun in keyof Looks]: `${Noun}.${StateOf<Noun>}` }[keyof Looks]

/** The state of a noun as icon, word and colour. */
export function StatePill<Noun extends keyof Looks>({
  noun,
  state,
  quiet,
}: {
  noun: Noun
  state: StateOf<Noun>
  quiet?: boolean
}) {
  const t = useTranslations('client.state')
  const look: Look = (looks[noun] as Record<string, Look>)[state] ?? { tone: 'neutral' }
  // Each pair exists: `looks` is the list, and a test holds the messages to it.
  return <StatusPill tone={look.tone} icon={look.icon} label={t(`${noun}.${state}` as StateKey)} quiet={quiet} />
}

/** For the test that holds the messages to the looks. */
export const stateNames: Record<string, string[]> = Object.fromEntries(
  Object.entries(looks).map(([noun, states]) => [noun, Object.keys(states)]),
)
