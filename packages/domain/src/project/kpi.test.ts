import { describe, expect, it } from 'vitest'
import { checkKpi, evaluateKpi, evaluateKpis, formatKpi, formatMeasured, type Kpi } from './kpi.ts'

const accuracy: Kpi = { metric: 'accuracy', op: '>=', target: 0.9 }
const latency: Kpi = { metric: 'p95_latency_ms', op: '<=', target: 100 }

describe('KPIs', () => {
  it.each([
    [accuracy, 0.95, 'pass', 0.05],
    [accuracy, 0.9, 'pass', 0],
    [accuracy, 0.85, 'fail', -0.05],
    [latency, 80, 'pass', 20],
    [latency, 101, 'fail', -1],
  ] as const)('%o observed at %d: %s', (kpi, observed, verdict, margin) => {
    const result = evaluateKpi(kpi, observed)
    expect(result.verdict).toBe(verdict)
    expect(result.margin).toBeCloseTo(margin, 12)
  })

  it.each([undefined, null, Number.NaN, Number.POSITIVE_INFINITY])('neither passes nor fails on %s', (observed) => {
    expect(evaluateKpi(accuracy, observed)).toMatchObject({ verdict: 'unknown', observed: null })
  })

  it('judges all against what was measured', () => {
    expect(evaluateKpis([accuracy, latency], { accuracy: 0.91 }).map(({ verdict }) => verdict)).toEqual([
      'pass',
      'unknown',
    ])
    expect(formatKpi(accuracy)).toBe('accuracy >= 0.9')
  })

  it.each([
    [accuracy, 0.9552238805970149, '0.9552'],
    [accuracy, 0.89996, '0.8999'],
    [accuracy, 0.9, '0.9'],
    [accuracy, 0, '0'],
    [latency, 12, '12'],
    [latency, 1234.56, '1235'],
    [{ ...latency, target: 50 }, 50.001, '50.01'],
    [{ ...accuracy, target: 0.98764 }, 0.98765, '0.9877'],
    [{ ...accuracy, target: 0.98761 }, 0.98762, '0.9877'],
  ])('says %o of %d as %s: short, and on the side of the target where it lies', (kpi, observed, text) => {
    expect(formatMeasured(kpi, observed)).toBe(text)
  })

  it.each([
    [{ ...accuracy, op: '<=' as const }, /improves when higher/],
    [{ ...latency, op: '>=' as const }, /improves when lower/],
    [{ ...accuracy, target: 90 }, /ratio/],
    [{ ...latency, target: -1 }, /negative/],
    [{ ...latency, target: Number.NaN }, /finite/],
  ])('refuses %o', (kpi, why) => {
    expect(checkKpi(kpi)).toMatch(why)
  })

  it('accepts what makes sense', () => {
    expect([checkKpi(accuracy), checkKpi(latency)]).toEqual([null, null])
  })
})
