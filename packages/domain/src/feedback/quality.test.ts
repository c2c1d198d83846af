import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateProportion } from './interval.ts'
import { type JoinedPrediction, judgeWindow, qualityOf, windowFrom } from './quality.ts'

const span = { fromMs: 0, toMs: 1000 }
const baseline = { accuracy: 0.95, margin: 0.02, minLabelled: 100 }

describe('qualityOf', () => {
  it('counts what lies in the window, and labels that came', () => {
    const joined: JoinedPrediction[] = [
      { at: 0, variantId: 'v', predicted: '7', trueLabel: '7' },
      { at: 999, variantId: 'v', predicted: '7', trueLabel: '1' },
      { at: 500, variantId: 'v', predicted: '7', trueLabel: null },
      { at: 1000, variantId: 'v', predicted: '7', trueLabel: '7' },
    ]
    const window = qualityOf(joined, span)
    expect(window).toMatchObject({ predictions: 3, labelled: 2, correct: 1 })
    expect(window.maturity).toBeCloseTo(2 / 3, 12)
    expect(window.accuracy?.estimate).toBe(0.5)
  })

  it('has no accuracy without labels', () => {
    expect(qualityOf([], span)).toMatchObject({ accuracy: null, maturity: 0 })
    expect(estimateProportion(0, 0)).toBeNull()
  })

  it('keeps the estimate inside its interval', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), (trials, some) => {
        const found = estimateProportion(Math.min(some, trials), trials)
        expect(found).not.toBeNull()
        if (found === null) return
        expect(found.low).toBeGreaterThanOrEqual(0)
        expect(found.low).toBeLessThanOrEqual(found.estimate)
        expect(found.high).toBeGreaterThanOrEqual(found.estimate)
        expect(found.high).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('judgeWindow', () => {
  it.each([
    ['as good as the baseline', { predictions: 500, labelled: 500, correct: 475 }, 'ok'],
    ['within the margin', { predictions: 500, labelled: 500, correct: 460 }, 'ok'],
    ['clearly worse', { predictions: 500, labelled: 500, correct: 430 }, 'worse'],
    ['too few labels to tell', { predictions: 50, labelled: 50, correct: 10 }, 'insufficient'],
    ['labels of too few predictions', { predictions: 500, labelled: 300, correct: 30 }, 'insufficient'],
    ['no labels', { predictions: 500, labelled: 0, correct: 0 }, 'insufficient'],
  ])('%s', (_, counts, verdict) => {
    expect(judgeWindow(windowFrom(span, counts), baseline)).toBe(verdict)
  })
})
