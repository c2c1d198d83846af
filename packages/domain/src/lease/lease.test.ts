import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeFence, requireFence } from './fence.ts'
import { deadManMs, judgeLease, type LeaseContext, type LeaseFacts, renewLease } from './judge.ts'

const context: LeaseContext = { leaseMs: 60_000, skewMs: 2_000, hubUpSinceMs: 0 }
const now = 1_000_000
const attempt = (
  leaseUntilMs: number,
  fenceUntilMs: number | null,
  state: LeaseFacts['state'] = 'running',
): LeaseFacts => ({
  leaseUntilMs,
  fenceUntilMs,
  state,
})

describe('judgeLease', () => {
  it.each<[string, LeaseFacts, Partial<LeaseContext>, string]>([
    ['a live lease', attempt(now, now + 500_000), {}, 'ok'],
    ['a lease that just ran out', attempt(now - 1, now + 500_000), {}, 'suspect'],
    ['a fence that ran out within the skew', attempt(now - 9000, now - 1999), {}, 'suspect'],
    ['a fence and skew that ran out', attempt(now - 9000, now - 2001), {}, 'lost'],
    ['no fence at all', attempt(now - 900_000, null), {}, 'suspect'],
    ['an offer that nobody took', attempt(now - 1, now + 500_000, 'offered'), {}, 'lost'],
    ['proof of its end', attempt(now + 1000, now + 500_000), { proofOfEnd: true }, 'lost'],
    ['amnesty after a start', attempt(now - 900_000, now - 800_000), { hubUpSinceMs: now - 59_999 }, 'ok'],
    ['the end of the amnesty', attempt(now - 900_000, now - 800_000), { hubUpSinceMs: now - 60_000 }, 'lost'],
    ['proof in spite of amnesty', attempt(now - 900_000, null), { hubUpSinceMs: now, proofOfEnd: true }, 'lost'],
  ])('%s', (_, facts, over, verdict) => {
    expect(judgeLease(now, facts, { ...context, ...over })).toBe(verdict)
  })

  it('never calls lost what its own dead-man switch still lets run', () => {
    const spans = fc.record({
      fence: fc.integer({ min: 1_000, max: 600_000 }),
      later: fc.nat(700_000),
      skew: fc.nat(5_000),
    })
    fc.assert(
      fc.property(spans, ({ fence, later, skew }) => {
        const { leaseUntilMs, fenceUntilMs } = renewLease(now, 1_000, fence)
        const verdict = judgeLease(now + later, attempt(leaseUntilMs, fenceUntilMs), {
          ...context,
          leaseMs: 1_000,
          skewMs: skew,
        })
        if (verdict === 'lost') expect(later).toBeGreaterThan(deadManMs(fence, 0))
      }),
    )
  })
})

describe('fence', () => {
  const row = { attemptId: 'att_1', fence: 7, runnerId: 'rnr_1', ended: false }
  it.each([
    [{ attemptId: 'att_1', fence: 7, runnerId: 'rnr_1' }, row, 'held'],
    [{ attemptId: 'att_1', fence: 6, runnerId: 'rnr_1' }, row, 'stale'],
    [{ attemptId: 'att_1', fence: 7, runnerId: 'rnr_2' }, row, 'foreign'],
    [{ attemptId: 'att_1', fence: 7, runnerId: 'rnr_1' }, { ...row, ended: true }, 'ended'],
    [{ attemptId: 'att_1', fence: 7, runnerId: 'rnr_1' }, null, 'foreign'],
  ])('%o against %o is %s', (claim, stored, verdict) => {
    expect(judgeFence(claim, stored)).toBe(verdict)
    if (verdict === 'held') expect(() => requireFence(claim, stored)).not.toThrow()
    else expect(() => requireFence(claim, stored)).toThrow(expect.objectContaining({ code: 'fenced' }))
  })
})
