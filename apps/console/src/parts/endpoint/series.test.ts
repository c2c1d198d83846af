import { describe, expect, it } from 'vitest'
import { toSeries } from './series.ts'

const at = (second: number) => new Date(1_700_000_000_000 + second * 1000).toISOString()
const point = (second: number, variant: number, requests: number, errors = 0) => ({
  at: at(second),
  variant,
  requests,
  errors,
  p50Ms: 1,
  p95Ms: variant * 10,
  p99Ms: 30,
})

describe('traffic as chart columns', () => {
  it('divides requests by the width of the buckets', () => {
    const series = toSeries([point(0, 1, 20), point(10, 1, 50)])
    expect(series.requestsPerSecond.get(1)).toEqual([2, 5])
  })

  it('leaves gaps where nobody reported, and never a line across them', () => {
    const series = toSeries([point(0, 1, 10), point(10, 1, 10), point(100, 1, 10)])
    expect(series.x).toHaveLength(4)
    expect(series.requestsPerSecond.get(1)).toEqual([1, 1, null, 1])
  })

  it('knows no error ratio without requests, and none for a variant that did not serve', () => {
    const series = toSeries([point(0, 1, 4, 1), point(10, 1, 0), point(10, 2, 2, 2)])
    expect(series.errorRatio.get(1)).toEqual([0.25, null])
    expect(series.errorRatio.get(2)).toEqual([null, 1])
  })

  it('takes latency from the busiest variant instead of averaging percentiles', () => {
    const series = toSeries([point(0, 1, 90), point(0, 2, 10)])
    expect(series.p95).toEqual([10])
  })

  it('is empty for no points', () => {
    expect(toSeries([]).x).toEqual([])
  })
})
