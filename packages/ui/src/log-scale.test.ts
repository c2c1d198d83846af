import { describe, expect, it } from 'vitest'
import { logRange, logTicks } from './log-scale.ts'

describe('a logarithmic axis', () => {
  it.each([
    [0.3, 4, [0.5, 1, 2]],
    [0.001, 0.05, [0.001, 0.002, 0.005, 0.01, 0.02, 0.05]],
    [1e-5, 10, [1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10]],
    [0.91, 0.93, [0.912, 0.92, 0.928]],
  ])('from %s to %s has labels at round numbers', (low, high, ticks) => expect(logTicks(low, high)).toEqual(ticks))

  it('never has more labels than fit, over however many powers', () => {
    expect(logTicks(1e-300, 1e300).length).toBeLessThanOrEqual(8)
    expect(logTicks(1e-300, 1e300).length).toBeGreaterThan(2)
  })

  it('has room beyond its values, and makes do with none that it can show', () => {
    const [low, high] = logRange(0.5, 0.5)
    expect(low).toBeLessThan(0.5)
    expect(high).toBeGreaterThan(0.5)
    expect(logRange(-1, 0)).toEqual([0.1, 1])
    expect(logRange(null, null)).toEqual([0.1, 1])
  })
})
