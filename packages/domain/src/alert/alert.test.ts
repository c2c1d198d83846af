import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ALERT_RULE_DEFAULTS,
  type AlertDecision,
  type AlertFacts,
  type AlertRule,
  type AlertSignal,
  decideAlert,
} from './decide.ts'
import { type DeliveryOutcome, decideDelivery, SCHEDULES } from './delivery.ts'
import { checkSilence, dedupKey, fingerprint, fingerprintText, isSilenced, type Silence } from './fingerprint.ts'
import { ALERT_SEVERITIES, ALERT_STATES, ALERT_TRANSITIONS } from './state.ts'

const NOW = 100_000_000
const firing: AlertFacts = { state: 'firing', severity: 'warning', lastNotifiedAtMs: NOW - 1000, cleanInRow: 0 }
const acked: AlertFacts = { ...firing, state: 'acked' }
const resolved: AlertFacts = { ...firing, state: 'resolved' }
const bad: AlertSignal = { kind: 'bad', severity: 'warning' }
const worse: AlertSignal = { kind: 'bad', severity: 'critical' }
const good: AlertSignal = { kind: 'good' }
const noData: AlertSignal = { kind: 'no_data', severity: 'critical' }
const rule = (over: Partial<AlertRule> = {}): AlertRule => ({ ...ALERT_RULE_DEFAULTS, ...over })

describe('decideAlert', () => {
  it.each<[string, AlertFacts | null, AlertSignal, AlertRule, Partial<AlertDecision>]>([
    ['opens and tells', null, bad, rule(), { action: 'open', next: 'firing', severity: 'warning', notify: 'opened' }],
    ['opens a new episode after the last', resolved, bad, rule(), { action: 'open', next: 'firing', notify: 'opened' }],
    ['does nothing when all is well', null, good, rule(), { action: 'none', notify: null }],
    ['refreshes in silence', firing, bad, rule(), { action: 'refresh', next: 'firing', notify: null }],
    [
      'reminds after a while',
      { ...firing, lastNotifiedAtMs: NOW - 14_400_000 },
      bad,
      rule(),
      { action: 'refresh', notify: 'repeat' },
    ],
    [
      'does not remind when told not to',
      { ...firing, lastNotifiedAtMs: 0 },
      bad,
      rule({ repeatMs: null }),
      { notify: null },
    ],
    [
      'does not remind who has acknowledged',
      { ...acked, lastNotifiedAtMs: 0 },
      bad,
      rule(),
      { action: 'refresh', next: 'acked', notify: null },
    ],
    [
      'escalates',
      firing,
      worse,
      rule(),
      { action: 'escalate', next: 'firing', severity: 'critical', notify: 'escalated' },
    ],
    [
      'fires again when what was acknowledged grows worse',
      acked,
      worse,
      rule(),
      { action: 'escalate', next: 'firing' },
    ],
    [
      'keeps its severity when it grows milder',
      { ...firing, severity: 'critical' },
      bad,
      rule(),
      { action: 'refresh', severity: 'critical' },
    ],
    ['resolves and tells', firing, good, rule(), { action: 'resolve', next: 'resolved', notify: 'resolved' }],
    [
      'waits for enough clean evaluations',
      firing,
      good,
      rule({ resolveAfter: 3 }),
      { action: 'refresh', next: 'firing', cleanInRow: 1, notify: null },
    ],
    [
      'resolves at the last of them',
      { ...firing, cleanInRow: 2 },
      good,
      rule({ resolveAfter: 3 }),
      { action: 'resolve' },
    ],
    [
      'starts counting again',
      { ...firing, cleanInRow: 2 },
      bad,
      rule({ resolveAfter: 3 }),
      { action: 'refresh', cleanInRow: 0 },
    ],
    ['is acknowledged', firing, { kind: 'ack' }, rule(), { action: 'ack', next: 'acked', notify: 'acked' }],
    ['is acknowledged once', acked, { kind: 'ack' }, rule(), { action: 'none', next: 'acked', notify: null }],
    ['cannot be acknowledged when over', resolved, { kind: 'ack' }, rule(), { action: 'refuse', next: 'resolved' }],
    [
      'is resolved by hand',
      acked,
      { kind: 'resolve' },
      rule(),
      { action: 'resolve', next: 'resolved', notify: 'resolved' },
    ],
    ['is resolved by hand once', resolved, { kind: 'resolve' }, rule(), { action: 'none', notify: null }],
    ['keeps as it is without data', firing, noData, rule({ noData: 'keep' }), { action: 'none', next: 'firing' }],
    ['takes no data for good when told to', firing, noData, rule({ noData: 'ok' }), { action: 'resolve' }],
    [
      'takes no data for bad when told to',
      null,
      noData,
      rule({ noData: 'alerting' }),
      { action: 'open', severity: 'critical' },
    ],
  ])('%s', (_, alert, signal, by, expected) => {
    expect(decideAlert(alert, signal, { nowMs: NOW, rule: by })).toMatchObject(expected)
  })

  it('only ever follows an arrow, and tells of every opening and every end exactly once', () => {
    const signals = fc.array(
      fc.constantFrom<AlertSignal>(bad, worse, good, noData, { kind: 'ack' }, { kind: 'resolve' }),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(signals, fc.constantFrom('ok', 'alerting', 'keep'), (sequence, noDataMeans) => {
        const episode: { alert: AlertFacts | null } = { alert: null }
        let opened = 0
        let ended = 0
        for (const signal of sequence) {
          const before = episode.alert
          const decision = decideAlert(before, signal, {
            nowMs: NOW,
            rule: rule({ noData: noDataMeans as 'ok', resolveAfter: 2 }),
          })
          const wasOpen = before !== null && before.state !== 'resolved'
          if (wasOpen && decision.next !== before.state)
            expect(ALERT_TRANSITIONS[before.state]).toContain(decision.next)
          if (decision.notify === 'opened') opened++
          if (decision.notify === 'resolved') ended++
          if (decision.action === 'none' || decision.action === 'refuse') continue
          episode.alert = {
            state: decision.next,
            severity: decision.severity ?? 'info',
            lastNotifiedAtMs: NOW,
            cleanInRow: decision.cleanInRow,
          }
        }
        const isOpen = episode.alert !== null && episode.alert.state !== 'resolved'
        expect(opened - ended).toBe(isOpen ? 1 : 0)
      }),
    )
    expect(ALERT_STATES).toContain('acked')
  })
})

describe('decideDelivery', () => {
  const page = { class: 'page' as const, tries: 1 }
  it.each<[DeliveryOutcome, object]>([
    [{ kind: 'accepted' }, { kind: 'delivered' }],
    [{ kind: 'http', status: 204, retryAfterMs: null }, { kind: 'delivered' }],
    [
      { kind: 'http', status: 302, retryAfterMs: null },
      { kind: 'give_up', disableChannel: false },
    ],
    [
      { kind: 'http', status: 400, retryAfterMs: null },
      { kind: 'give_up', disableChannel: false },
    ],
    [
      { kind: 'http', status: 410, retryAfterMs: null },
      { kind: 'give_up', disableChannel: true },
    ],
    [
      { kind: 'http', status: 500, retryAfterMs: null },
      { kind: 'retry', inMs: 2000 },
    ],
    [
      { kind: 'http', status: 429, retryAfterMs: 9000 },
      { kind: 'retry', inMs: 9000 },
    ],
    [
      { kind: 'http', status: 429, retryAfterMs: 1 },
      { kind: 'retry', inMs: 2000 },
    ],
    [
      { kind: 'network', message: 'reset' },
      { kind: 'retry', inMs: 2000 },
    ],
  ])('%o: %o', (outcome, expected) => {
    expect(decideDelivery(outcome, page, 0.5)).toMatchObject(expected)
  })

  it.each([
    ['page', 300_000],
    ['event', 86_400_000],
  ] as const)('puts a %s off no longer than its longest wait, whatever the receiver asks', (kind, longest) => {
    const asked: DeliveryOutcome = { kind: 'http', status: 429, retryAfterMs: 1e18 }
    expect(decideDelivery(asked, { class: kind, tries: 1 }, 0.5)).toMatchObject({ kind: 'retry', inMs: longest })
  })

  it('spreads by a fifth, falls over to another channel, and gives up at last', () => {
    const down: DeliveryOutcome = { kind: 'network', message: 'down' }
    expect(decideDelivery(down, page, 0)).toMatchObject({ inMs: 1600, fallOver: false })
    expect(decideDelivery(down, page, 0.999_999)).toMatchObject({ inMs: 2400 })
    expect(decideDelivery(down, { class: 'page', tries: 3 }, 0.5)).toMatchObject({ kind: 'retry', fallOver: true })
    expect(decideDelivery(down, { class: 'event', tries: 3 }, 0.5)).toMatchObject({ kind: 'retry', fallOver: false })
    const tries = SCHEDULES.event.length
    expect(decideDelivery(down, { class: 'event', tries }, 0.5)).toMatchObject({ kind: 'retry' })
    expect(decideDelivery(down, { class: 'event', tries: tries + 1 }, 0.5)).toMatchObject({ kind: 'give_up' })
  })
})

describe('fingerprint', () => {
  const hash = (text: string): string => `#${text}`
  it('depends on labels alone, in any order', () => {
    expect(fingerprint('prj_1', { rule: 'drift', endpoint: 'ep' }, hash)).toBe(
      fingerprint('prj_1', { endpoint: 'ep', rule: 'drift' }, hash),
    )
    expect(fingerprint('prj_1', { rule: 'drift' }, hash)).not.toBe(fingerprint('prj_2', { rule: 'drift' }, hash))
    expect(dedupKey('f', 1, hash)).not.toBe(dedupKey('f', 2, hash))
  })

  it('reads no two sets of labels alike', () => {
    const labels = fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { maxKeys: 4 })
    fc.assert(
      fc.property(labels, labels, (left, right) => {
        const same = JSON.stringify(Object.entries(left).sort()) === JSON.stringify(Object.entries(right).sort())
        expect(fingerprintText(left) === fingerprintText(right)).toBe(same)
      }),
    )
  })
})

describe('silence', () => {
  const silence: Silence = {
    matchers: { endpoint: 'ep' },
    startsAtMs: NOW,
    endsAtMs: NOW + 1000,
    author: 'Ada',
    comment: 'moving',
  }
  const alert = { labels: { endpoint: 'ep', rule: 'drift' }, severity: 'warning' as const }
  it.each([
    [alert, NOW, true],
    [alert, NOW + 1000, false],
    [alert, NOW - 1, false],
    [{ ...alert, labels: { endpoint: 'other' } }, NOW, false],
  ])('%o at %d: %s', (given, nowMs, silenced) => {
    expect(isSilenced(given, [silence], nowMs)).toBe(silenced)
  })

  it('can be for a severity', () => {
    const mild = { ...silence, matchers: { severity: 'info' } }
    expect(ALERT_SEVERITIES.map((severity) => isSilenced({ ...alert, severity }, [mild], NOW))).toEqual([
      true,
      false,
      false,
    ])
  })

  it.each([
    [{ endsAtMs: NOW }, 'endsAt'],
    [{ endsAtMs: NOW + 31 * 86_400_000 }, 'endsAt'],
    [{ matchers: {} }, 'matchers'],
    [{ comment: ' ' }, 'comment'],
  ])('refuses %o', (over, field) => {
    expect(checkSilence({ ...silence, ...over })?.field).toBe(field)
    expect(checkSilence(silence)).toBeNull()
  })
})
