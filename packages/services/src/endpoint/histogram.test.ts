import { describe, expect, it } from 'vitest'
import { judgeHealth } from './health.ts'
import { addHistograms, emptyHistogram, latencyQuantile, slowerThan } from './histogram.ts'

/** Counts by their bucket's upper bound in ms. */
const at = (index: number, count: number) => emptyHistogram().with(index, count)

describe('latency quantiles', () => {
  it('interpolate inside the bucket, and stop at the last bound', () => {
    expect(latencyQuantile(emptyHistogram(), 0.5)).toBeNull()
    expect(latencyQuantile(at(5, 10), 0.5)).toBeCloseTo(8.5)
    expect(latencyQuantile(at(20, 3), 0.99)).toBe(5000)
  })

  it('are taken of merged histograms, not averaged', () => {
    const merged = addHistograms(at(0, 99), at(13, 1))
    expect(latencyQuantile(merged, 0.95)).toBeLessThan(1)
    expect(latencyQuantile(merged, 1)).toBe(200)
    expect(slowerThan(merged, 150)).toBe(1)
    expect(slowerThan(merged, 200)).toBe(0)
  })
})

describe('health', () => {
  const fine = { requests: 100, errors: 0, p95Ms: 20, criticalAlerts: 0, kpis: [] }

  it.each([
    ['healthy', {}],
    ['idle', { requests: 0 }],
    ['down', { errors: 100 }],
    ['degraded', { errors: 2 }],
    ['healthy', { errors: 2, kpis: [{ metric: 'error_ratio' as const, op: '<=' as const, target: 0.05 }] }],
    ['degraded', { p95Ms: 120, kpis: [{ metric: 'p95_latency_ms' as const, op: '<=' as const, target: 100 }] }],
    ['degraded', { criticalAlerts: 1 }],
    ['healthy', { requests: 10, errors: 1 }],
  ] as const)('is %s for %o', (health, change) => {
    expect(judgeHealth({ ...fine, ...change })).toBe(health)
  })
})
