import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alarmLevel, DRIFT_DEFAULTS, type FeatureComparison, judgeDrift } from './judge.ts'
import { type DriftStreak, followDrift, NO_STREAK } from './persistence.ts'

const LEVEL = alarmLevel(DRIFT_DEFAULTS)

function feature(over: Partial<FeatureComparison> = {}): FeatureComparison {
  return {
    feature: 'x',
    test: 'ks',
    statistic: 0.02,
    p: 0.6,
    effect: 0.02,
    wassersteinSd: 0.02,
    n: 1000,
    nEffective: 1000,
    rows: 1000,
    referenceMissing: 0,
    currentMissing: 0,
    missingP: 1,
    ...over,
  }
}

const strong = { p: 1e-12, effect: 0.25, statistic: 0.25 }

describe('judgeDrift', () => {
  it('spends the month as the budget says', () => {
    expect(LEVEL).toBeCloseTo(1 / 720, 12)
    expect(judgeDrift([feature()]).level).toBe(LEVEL)
  })

  it.each<[string, Partial<FeatureComparison>, string]>([
    ['nothing', {}, 'ok'],
    ['a real and large difference', strong, 'critical'],
    ['a real one of medium size', { p: 1e-12, effect: 0.12 }, 'warn'],
    ['a real one of scale only', { p: 1e-12, effect: 0.09, wassersteinSd: 0.4 }, 'warn'],
    ['a real one too small to matter', { p: 1e-30, effect: 0.03, wassersteinSd: 0.05 }, 'ok'],
    ['a large one that chance explains', { p: 0.01, effect: 0.3 }, 'ok'],
    ['too few rows, however clear', { ...strong, nEffective: 199 }, 'insufficient'],
    ['rows that repeat each other', { ...strong, n: 9000, nEffective: 20 }, 'insufficient'],
    ['a p that is not a number', { ...strong, p: Number.NaN }, 'insufficient'],
    ['a p outside its range', { ...strong, p: -1 }, 'insufficient'],
    ['an effect that is not finite', { p: 1e-12, effect: Number.POSITIVE_INFINITY }, 'insufficient'],
    ['a count that is not a number', { ...strong, nEffective: Number.NaN }, 'insufficient'],
    ['a distance that is not finite', { p: 1e-12, effect: 0.02, wassersteinSd: Number.NaN }, 'ok'],
    ['more missing values', { missingP: 1e-9, currentMissing: 0.04 }, 'warn'],
    ['many more missing values', { missingP: 1e-9, currentMissing: 0.2 }, 'critical'],
    [
      'nothing but missing values',
      { p: Number.NaN, effect: Number.NaN, n: 0, nEffective: 0, missingP: 0, currentMissing: 1 },
      'critical',
    ],
    [
      'missing values in too few rows',
      { rows: 20, nEffective: 10, missingP: 1e-9, currentMissing: 0.5 },
      'insufficient',
    ],
    ['fewer missing values', { missingP: 1e-9, referenceMissing: 0.2 }, 'ok'],
  ])('calls %s what it is', (_, over, verdict) => {
    const judgement = judgeDrift([feature(over)])
    expect(judgement.features[0]?.verdict).toBe(verdict)
    expect(judgement.verdict).toBe(verdict)
    expect(judgement.features[0]?.reason).toMatch(/\w/)
  })

  it('never calls an empty or undecided window fine', () => {
    expect(judgeDrift([])).toMatchObject({ verdict: 'insufficient', drifted: 0 })
    const mixed = judgeDrift([feature(), feature({ feature: 'y', nEffective: 10 })])
    expect(mixed).toMatchObject({ verdict: 'insufficient', insufficient: 1 })
    expect(mixed.sentence).toContain('insufficient data for 1 of 2')
    const worse = judgeDrift([feature(strong), feature({ feature: 'y', nEffective: 10 })])
    expect(worse.verdict).toBe('critical')
  })

  it('puts the worst first and names it', () => {
    const judgement = judgeDrift([
      feature({ feature: 'a' }),
      feature({ feature: 'b', p: 1e-9, effect: 0.15 }),
      feature({ feature: 'c', ...strong }),
    ])
    expect(judgement.features.map((one) => one.feature)).toEqual(['c', 'b', 'a'])
    expect(judgement).toMatchObject({ drifted: 2, strongestEffect: 0.25 })
    expect(judgement.sentence).toBe('2 of 3 features drifted, most of all c (effect 0.25)')
  })

  it('asks more of each feature the more there are', () => {
    const borderline = { p: LEVEL / 2, effect: 0.15 }
    expect(judgeDrift([feature(borderline)]).verdict).toBe('warn')
    const crowd = Array.from({ length: 50 }, (_, index) => feature({ feature: `x${index}` }))
    expect(judgeDrift([feature(borderline), ...crowd]).verdict).toBe('ok')
  })

  it('never calls drift what chance or size does not bear out, and loses no feature', () => {
    const any = fc.record({
      p: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(Number.NaN, 1e-20)),
      effect: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(Number.NaN)),
      nEffective: fc.integer({ min: 0, max: 2000 }),
      wassersteinSd: fc.option(fc.double({ min: 0, max: 2, noNaN: true })),
    })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), (list) => {
        const judgement = judgeDrift(list.map((over, index) => feature({ ...over, feature: `x${index}` })))
        expect(judgement.features).toHaveLength(list.length)
        for (const one of judgement.features) {
          if (!Number.isFinite(one.p) || !Number.isFinite(one.effect) || one.nEffective < 200) {
            expect(one.verdict).toBe('insufficient')
          } else if (one.verdict !== 'ok') {
            expect(one.pAdjusted).toBeLessThanOrEqual(judgement.level)
            expect(one.effect >= 0.1 || (one.wassersteinSd ?? 0) >= 0.25).toBe(true)
          }
        }
      }),
    )
  })
})

describe('followDrift', () => {
  const windows = {
    ok: judgeDrift([feature()]),
    warn: judgeDrift([feature({ p: 1e-12, effect: 0.12 })]),
    huge: judgeDrift([feature({ p: 1e-12, effect: 0.5 })]),
    few: judgeDrift([feature({ nEffective: 3 })]),
  }
  const signals = (sequence: (keyof typeof windows)[]): string[] => {
    let streak: DriftStreak = NO_STREAK
    return sequence.map((window) => {
      const step = followDrift(streak, windows[window], DRIFT_DEFAULTS)
      streak = step.streak
      return step.signal
    })
  }

  it.each<[string, (keyof typeof windows)[], string[]]>([
    ['one drifted window is not enough', ['warn', 'ok', 'warn', 'ok'], ['none', 'none', 'none', 'none']],
    ['two in a row open, the next refreshes', ['warn', 'warn', 'warn'], ['none', 'open', 'refresh']],
    ['a huge effect opens at once', ['huge'], ['open']],
    ['three clean windows resolve', ['huge', 'ok', 'ok', 'ok', 'ok'], ['open', 'none', 'none', 'resolve', 'none']],
    [
      'drift in between starts the count again',
      ['huge', 'ok', 'ok', 'warn', 'ok', 'ok', 'ok'],
      ['open', 'none', 'none', 'refresh', 'none', 'none', 'resolve'],
    ],
    [
      'too little data neither opens nor resolves',
      ['warn', 'few', 'warn', 'ok', 'few', 'ok', 'few', 'ok'],
      ['none', 'none', 'open', 'none', 'none', 'none', 'none', 'resolve'],
    ],
  ])('%s', (_, sequence, expected) => {
    expect(signals(sequence)).toEqual(expected)
  })
})
