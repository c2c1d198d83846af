import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { betaCdf, betaQuantile, betaSf, binomialMass, logBeta, logBetaCdf, logBetaSf } from './special/beta.ts'
import { chiSquareCdf, chiSquareSf } from './special/chi-square.ts'
import { cramerVonMisesSf } from './special/cramer-von-mises.ts'
import { gammaP, gammaQ, logChoose, logGamma, poissonMass } from './special/gamma.ts'
import { kolmogorovCdf, kolmogorovIsf, kolmogorovSf } from './special/kolmogorov.ts'
import { kolmogorovCriticalDistance, kstwoCdf, kstwoIsf, kstwoSf } from './special/kstwo.ts'
import { erf, erfc, normalCdf, normalPdf, normalQuantile, normalSf } from './special/normal.ts'
import { smirnovSf } from './special/smirnov.ts'
import { studentCdf, studentQuantile, studentSf } from './special/student.ts'

const shape = fc.double({ min: 0.05, max: 5000, noNaN: true })
const unit = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true })

describe('gamma and beta', () => {
  it('know factorials and halves', () => {
    expect(logGamma(171)).toBeCloseTo(706.5730622457874, 10)
    expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 14)
    expect(logGamma(1)).toBeCloseTo(0, 14)
    expect([logGamma(0), logGamma(-1)]).toEqual([Number.POSITIVE_INFINITY, Number.NaN])
    expect(Math.exp(logChoose(50, 3))).toBeCloseTo(19_600, 7)
    expect([logChoose(5, 0), logChoose(5, 6)]).toEqual([0, Number.NEGATIVE_INFINITY])
    expect(poissonMass(3, 2)).toBeCloseTo((8 / 6) * Math.exp(-2), 14)
    expect(logBeta(2, 3)).toBeCloseTo(Math.log(1 / 12), 13)
    expect(logBeta(20, 30)).toBeCloseTo(logGamma(20) + logGamma(30) - logGamma(50), 11)
  })

  it('both tails add up to one', () => {
    fc.assert(
      fc.property(shape, fc.double({ min: 0, max: 10_000, noNaN: true }), unit, shape, (a, x, u, b) => {
        expect(gammaP(a, x) + gammaQ(a, x)).toBeCloseTo(1, 12)
        expect(betaCdf(u, a, b) + betaSf(u, a, b)).toBeCloseTo(1, 12)
        expect(betaCdf(u, a, b)).toBeCloseTo(betaSf(1 - u, b, a), 9)
      }),
      { numRuns: 400 },
    )
  })

  it('the beta quantile inverts the distribution function', () => {
    fc.assert(
      fc.property(
        unit,
        fc.double({ min: 1, max: 2000, noNaN: true }),
        fc.double({ min: 1, max: 2000, noNaN: true }),
        (q, a, b) => {
          expect(betaCdf(betaQuantile(q, a, b), a, b)).toBeCloseTo(q, 10)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('logarithms of beta tails go on where the tails underflow', () => {
    expect(logBetaSf(0.05, 1, 40_019)).toBeCloseTo(40_019 * Math.log(0.95), 8)
    expect(logBetaCdf(0.001, 300, 1)).toBeCloseTo(300 * Math.log(0.001), 9)
    expect(logBetaSf(0.3, 2, 5)).toBeCloseTo(Math.log(betaSf(0.3, 2, 5)), 13)
    expect(logBetaCdf(0.3, 2, 5)).toBeCloseTo(Math.log(betaCdf(0.3, 2, 5)), 13)
  })

  it('binomial masses add up to one and to the incomplete beta', () => {
    let sum = 0
    for (let k = 0; k <= 40; k++) sum += binomialMass(k, 40, 0.3)
    expect(sum).toBeCloseTo(1, 13)
    expect(binomialMass(-1, 4, 0.5) + binomialMass(5, 4, 0.5)).toBe(0)
    expect(binomialMass(0, 4, 0) + binomialMass(4, 4, 1)).toBe(2)
  })

  it('answer NaN outside their range and the ends at the ends', () => {
    expect([gammaP(-1, 1), gammaQ(1, -1), betaCdf(0.5, 0, 1), betaSf(Number.NaN, 1, 1)]).toEqual(
      new Array(4).fill(Number.NaN),
    )
    expect([betaQuantile(2, 1, 1), betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)]).toEqual([Number.NaN, 0, 1])
    const infinity = Number.POSITIVE_INFINITY
    expect([gammaP(2, infinity), gammaQ(2, infinity), gammaP(2, 0), gammaQ(2, 0)]).toEqual([1, 0, 0, 1])
    expect([betaCdf(-1, 1, 1), betaCdf(2, 1, 1), betaSf(-1, 1, 1), betaSf(2, 1, 1)]).toEqual([0, 1, 1, 0])
  })
})

describe('normal, chi-square and Student', () => {
  it('are symmetric and inverse', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -30, max: 30, noNaN: true }),
        fc.double({ min: 0.5, max: 500, noNaN: true }),
        unit,
        (x, df, q) => {
          expect(normalCdf(x)).toBeCloseTo(normalSf(-x), 14)
          expect(erf(x) + erfc(x)).toBeCloseTo(1, 13)
          expect(normalCdf(normalQuantile(q))).toBeCloseTo(q, 12)
          expect(studentCdf(x, df)).toBeCloseTo(studentSf(-x, df), 12)
          expect(studentCdf(studentQuantile(q, df), df)).toBeCloseTo(q, 9)
          expect(chiSquareCdf(x * x, df) + chiSquareSf(x * x, df)).toBeCloseTo(1, 12)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('know their limits', () => {
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY)
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY)
    expect([normalQuantile(2), erf(Number.NaN), erfc(Number.NaN)]).toEqual(new Array(3).fill(Number.NaN))
    expect(normalPdf(0)).toBeCloseTo(0.3989422804014327, 15)
    expect(studentSf(Number.POSITIVE_INFINITY, 3)).toBe(0)
    expect(studentSf(0, 3)).toBe(0.5)
    expect([studentQuantile(0, 3), studentQuantile(0.5, 3), studentQuantile(1, 3)]).toEqual([
      Number.NEGATIVE_INFINITY,
      0,
      Number.POSITIVE_INFINITY,
    ])
    expect([studentSf(1, 0), studentQuantile(2, 1)]).toEqual([Number.NaN, Number.NaN])
    expect([chiSquareSf(-1, 3), chiSquareCdf(-1, 3)]).toEqual([1, 0])
    expect(studentQuantile(0.975, 10)).toBeCloseTo(2.2281388519862744, 12)
  })
})

describe('Kolmogorov, Smirnov and their finite-sample laws', () => {
  it('fall from one to zero', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), unit, unit, (n, a, b) => {
        const [near, far] = a < b ? [a, b] : [b, a]
        // The switch of method at n d^2 = 2.2 steps by up to 1.2e-5 of the tail.
        expect(kstwoSf(n, far)).toBeLessThanOrEqual(kstwoSf(n, near) * (1 + 2e-5) + 1e-12)
        expect(smirnovSf(n, far)).toBeLessThanOrEqual(smirnovSf(n, near) * (1 + 1e-9) + 1e-13)
        expect(kstwoSf(n, near)).toBeLessThanOrEqual(Math.min(1, 2 * Math.exp(-2 * n * near * near)) + 1e-9)
        expect(kstwoSf(n, near) + kstwoCdf(n, near)).toBeCloseTo(1, 4)
      }),
      { numRuns: 400 },
    )
  })

  it('join up where the method changes, and approach the limit law', () => {
    for (const n of [140, 141, 20_000, 20_001, 99_999, 1_000_000]) {
      const d = 1.1 / Math.sqrt(n)
      expect(kstwoSf(n, d) / kstwoSf(n + 1, d * Math.sqrt(n / (n + 1)))).toBeCloseTo(1, 3)
    }
    expect(kstwoSf(1_000_000, 1.2e-3)).toBeCloseTo(kolmogorovSf(1.2), 3)
    expect(kolmogorovSf(0.8200001)).toBeCloseTo(kolmogorovSf(0.8199999), 6)
  })

  it('the critical distance gives its level back', () => {
    for (const n of [1, 2, 10, 140, 141, 1000, 500_000]) {
      for (const alpha of [0.9, 0.05, 1e-3, 1e-9]) {
        expect(kstwoSf(n, kolmogorovCriticalDistance(n, alpha)) / alpha).toBeCloseTo(1, 4)
      }
      expect(kstwoIsf(n, 0.05)).toBeCloseTo(kolmogorovCriticalDistance(n, 0.05), 5)
    }
    expect(kolmogorovSf(kolmogorovIsf(0.01))).toBeCloseTo(0.01, 14)
    expect(kolmogorovIsf(0)).toBe(Number.POSITIVE_INFINITY)
    expect(kolmogorovIsf(1)).toBe(0)
    expect(kstwoIsf(10, 0)).toBe(1)
  })

  it('answer NaN outside their range and the ends at the ends', () => {
    const undefinedOnes = [
      kstwoSf(0, 0.5),
      kstwoSf(2.5, 0.5),
      smirnovSf(0, 0.5),
      kolmogorovSf(Number.NaN),
      kstwoIsf(0, 0.1),
      kolmogorovIsf(2),
    ]
    expect(undefinedOnes.every(Number.isNaN)).toBe(true)
    expect([
      kstwoSf(5, 0),
      kstwoSf(5, 1),
      smirnovSf(5, 0),
      smirnovSf(5, 1),
      kolmogorovSf(-1),
      kolmogorovCdf(0),
    ]).toEqual([1, 0, 1, 0, 1, 0])
    expect(kolmogorovCdf(1) + kolmogorovSf(1)).toBeCloseTo(1, 14)
    expect([kolmogorovCdf(Number.NaN), cramerVonMisesSf(Number.NaN)]).toEqual([Number.NaN, Number.NaN])
  })

  it('Cramer-von Mises has its published critical values', () => {
    expect(cramerVonMisesSf(0.46136)).toBeCloseTo(0.05, 5)
    expect(cramerVonMisesSf(0.74346)).toBeCloseTo(0.01, 5)
    expect(cramerVonMisesSf(0)).toBe(1)
  })
})
