import { describe, expect, it } from 'vitest'
import { isWaivable, type KeptGate, keepWaivers, waived, whyNotWaiver } from './waiver.ts'

const gate = (over: Partial<KeptGate<string>> = {}): KeptGate<string> => ({
  ...{ gate: 'kpi:accuracy', pass: false, verdict: 'fail', observed: 0.8, threshold: 0.9, detail: 'measured 0.8' },
  ...over,
})
const waiver = { digest: 'd1', by: 'Ada', at: '2026-01-01T00:00:00.000Z', reason: 'known label noise' }
const before = [waived(gate(), waiver)]

describe('a waiver', () => {
  it('lets a gate pass that did not, and stays with it', () => {
    expect(before).toEqual([{ ...gate(), pass: true, verdict: 'waived', waiver }])
    expect(keepWaivers([gate()], { gates: before, digest: 'd1' })).toEqual(before)
  })

  it.each([
    ['another finding', gate({ detail: 'measured 0.79' }), 'd1'],
    ['other bytes', gate(), 'd2'],
    ['another gate', gate({ gate: 'kpi:auc' }), 'd1'],
    ['a gate that passes by itself', gate({ pass: true, verdict: 'pass' }), 'd1'],
  ])('says nothing of %s', (_, judged, digest) => {
    expect(keepWaivers([judged], { gates: before, digest })).toEqual([judged])
  })

  it.each([
    [gate(), true],
    [gate({ verdict: 'unknown' }), true],
    [gate({ pass: true }), false],
    [gate({ gate: 'artifact' }), false],
    [gate({ gate: 'dataset_fit' }), false],
  ])('may be given for %o: %s', (judged, may) => expect(isWaivable(judged)).toBe(may))

  it('comes from another person, where there is one', () => {
    expect(whyNotWaiver('Ada', { authors: ['Ada'], soleMember: false })?.detail).toMatch(/another person/)
    expect(whyNotWaiver('Ada', { authors: ['Ada'], soleMember: true })).toBeNull()
    expect(whyNotWaiver('Grace', { authors: ['Ada'], soleMember: false })).toBeNull()
  })
})
