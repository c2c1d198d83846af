import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketOf, checkSplit, chooseVariant, splitTraffic, TOTAL_BPS } from './choose-variant.ts'
import { murmur3 } from './hash.ts'

const route = (canaryBps: number, salt = 'ro_1') => ({ stableVariantId: 's', canaryVariantId: 'c', canaryBps, salt })
const weights = fc.integer({ min: 0, max: TOTAL_BPS })

describe('murmur3', () => {
  it.each([
    ['', 0, 0],
    ['', 1, 0x514e28b7],
    ['test', 0, 0xba6bd213],
    ['Hello, world!', 0, 0xc0363e43],
    ['The quick brown fox jumps over the lazy dog', 0, 0x2e4ff723],
  ])('of "%s" with seed %d is the published value', (text, seed, hash) => {
    expect(murmur3(text, seed)).toBe(hash)
  })
})

describe('splitTraffic', () => {
  it('always sums to all traffic', () => {
    fc.assert(
      fc.property(weights, (weight) => {
        expect(checkSplit(splitTraffic(route(weight)))).toBeNull()
      }),
    )
    expect(checkSplit(splitTraffic({ ...route(700), canaryVariantId: null }))).toBeNull()
  })

  it.each([-1, 10_001, 0.5, Number.NaN])('refuses a weight of %d', (weight) => {
    expect(() => splitTraffic(route(weight))).toThrow(/basis points/)
  })

  it.each([
    [[], /at least one/],
    [[{ variantId: 'a', weightBps: 9999 }], /9999/],
    [
      [
        { variantId: 'a', weightBps: 5000 },
        { variantId: 'a', weightBps: 5000 },
      ],
      /twice/,
    ],
    [
      [
        { variantId: 'a', weightBps: -1 },
        { variantId: 'b', weightBps: 10_001 },
      ],
      /zero or more/,
    ],
  ])('finds the fault of %o', (shares, why) => {
    expect(checkSplit({ salt: 'x', shares })).toMatch(why)
  })
})

describe('chooseVariant', () => {
  it('gives a key the same variant every time', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), weights, (salt, key, weight) => {
        const first = chooseVariant(splitTraffic(route(weight, salt)), key)
        expect(chooseVariant(splitTraffic(route(weight, salt)), key)).toBe(first)
        if (weight === 0) expect(first).toBe('s')
        if (weight === TOTAL_BPS) expect(first).toBe('c')
      }),
    )
  })

  it('never moves a canary key back to stable when the weight rises', () => {
    fc.assert(
      fc.property(fc.string(), weights, weights, (key, one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)]
        if (chooseVariant(splitTraffic(route(low)), key) === 'c') {
          expect(chooseVariant(splitTraffic(route(high)), key)).toBe('c')
        }
      }),
    )
  })

  it.each([
    [100, 'user'],
    [500, 'req_'],
    [5000, ''],
  ])('sends %d bps of 100,000 keys to the canary, within half a point', (weight, prefix) => {
    const split = splitTraffic(route(weight, 'ro_distribution'))
    let canary = 0
    for (let index = 0; index < 100_000; index++) if (chooseVariant(split, `${prefix}${index}`) === 'c') canary++
    expect(Math.abs(canary / 100_000 - weight / TOTAL_BPS)).toBeLessThan(0.005)
  })

  it('fills buckets evenly and independently of other rollouts', () => {
    const counts = new Array<number>(100).fill(0)
    let both = 0
    for (let index = 0; index < 100_000; index++) {
      const bucket = bucketOf('ro_a', `user-${index}`)
      counts[Math.floor(bucket / 100)] = (counts[Math.floor(bucket / 100)] ?? 0) + 1
      if (bucket < 5000 && bucketOf('ro_b', `user-${index}`) < 5000) both++
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    expect(chiSquare).toBeLessThan(148)
    expect(both / 100_000).toBeCloseTo(0.25, 2)
  })
})
