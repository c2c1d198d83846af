import { LATENCY_BOUNDS_MS } from '@modelyard/contracts'
import type { TallyRow } from '@modelyard/db'
import { makePolicy, seededPrng } from '@modelyard/domain'
import { describe, expect, it } from 'vitest'
import { emptyHistogram } from '../endpoint/histogram.ts'
import { countInto, hasNews, type RolloutEvidence, settleSecond, slowBound, startEvidence } from './counting.ts'

const START = new Date('2026-03-02T09:00:00Z')
const at = (second: number) => new Date(START.getTime() + second * 1000)
const base = START.getTime() / 1000
const variantIds = { canary: 'var_c', control: 'var_s' }
const rollout = {
  id: 'ro_1',
  policy: makePolicy({
    steps: [{ weightBps: 1_000, minDwellS: 1, minUnits: 1 }],
    alpha: 0.01,
    guards: ['errors', 'quality', 'latency'],
    margin: 1.25,
    maxDurationS: 600,
  }),
}

type Served = Omit<TallyRow, 'settled'> & { second: number }
const served = (variantId: string, second: number, change: Partial<Served> = {}): Served => {
  const requests = change.requests ?? 10
  const latency = change.latency ?? emptyHistogram().with(4, requests)
  return { variantId, second, requests, errors: 1, labelled: 8, wrong: 2, latency, ...change }
}

/** What the query would answer at that time, if these rows had come by then. */
function look(evidence: RolloutEvidence, rows: readonly Served[], now: Date): RolloutEvidence {
  const settle = settleSecond(evidence, now)
  const read = rows
    .filter(({ second }) => base + second >= evidence.settled.toSecond)
    .map((row) => ({ ...row, settled: base + row.second < settle }))
  return countInto(evidence, { rows: read, variantIds, settleSecond: settle, at: now }, rollout)
}

describe('counting', () => {
  it('counts everything once, in whatever order it comes and however often one looks', () => {
    const prng = seededPrng(7)
    for (let round = 0; round < 20; round++) {
      const rows = Array.from({ length: 300 }, (_, second) => served(second % 3 ? 'var_s' : 'var_c', second))
      const arrivals = rows.map((row) => ({ row, comes: row.second + prng.below(60) }))
      let evidence = startEvidence(START)
      for (let second = 0; second < 420; second += 1 + prng.below(9)) {
        const come = arrivals.filter(({ comes }) => comes <= second).map(({ row }) => row)
        evidence = look(evidence, come, at(second))
      }
      evidence = look(evidence, rows, at(430))
      const { canary, control } = evidence.folded
      expect([canary.requests, control.requests]).toEqual([1_000, 2_000])
      expect([canary.labelled, control.wrong]).toEqual([800, 400])
      expect(evidence.process.guards.errors).toMatchObject({
        canary: { units: 1_000, bad: 100 },
        control: { units: 2_000, bad: 200 },
      })
      expect(evidence.process.guards.quality?.canary).toEqual({ units: 800, bad: 200 })
    }
  })

  it('does not count what comes after it was settled, and knows when there is no news', () => {
    const evidence = look(startEvidence(START), [served('var_s', 1)], at(200))
    expect(evidence.settled.toSecond).toBe(base + 80)
    const later = look(evidence, [served('var_s', 1), served('var_c', 2)], at(201))
    expect(later.folded.canary.requests).toBe(0)
    expect(hasNews(evidence, later)).toBe(false)
    expect(hasNews(later, look(later, [served('var_c', 150)], at(202)))).toBe(true)
  })

  it('keeps as JSON', () => {
    const evidence = look(startEvidence(START), [served('var_s', 1), served('var_c', 1)], at(2))
    expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence)
  })
})

describe('latency', () => {
  it('knows what is slow from stable alone, and only once it has seen enough of it', () => {
    expect(slowBound(emptyHistogram())).toBeNull()
    expect(slowBound(emptyHistogram().with(4, 99))).toBeNull()
    expect(slowBound(emptyHistogram().with(4, 100))).toBe(20)
    expect(slowBound(emptyHistogram().with(LATENCY_BOUNDS_MS.indexOf(100), 100))).toBe(150)
    expect(slowBound(emptyHistogram().with(LATENCY_BOUNDS_MS.length, 100))).toBeNull()
  })

  it('takes one request of each arm per look, also of a burst', () => {
    const slow = emptyHistogram().with(LATENCY_BOUNDS_MS.indexOf(1000), 500)
    let evidence = look(startEvidence(START), [served('var_s', 0, { requests: 200 })], at(0))
    const burst = [served('var_s', 1), served('var_c', 1, { requests: 500, latency: slow })]
    evidence = look(evidence, [served('var_s', 0, { requests: 200 }), ...burst], at(1))
    expect(evidence.process.guards.latency).toMatchObject({
      canary: { units: 1, bad: 1 },
      control: { units: 1, bad: 0 },
    })
  })
})
