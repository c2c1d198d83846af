import {
  type CanaryHypothesis,
  observeStratum,
  type Random,
  seededRandom,
  startCanaryProcess,
  twoProportionTest,
} from '../src/index.ts'
import { BLUE, Chart, GREEN, GREY, type Point, RED } from './chart.ts'

const HYPOTHESIS: CanaryHypothesis = {
  psi0: 1,
  alternatives: [1.5, 2, 3, 5, 8, 15],
  restart: { starts: 30, every: 60 },
}

function bad(random: Random, units: number, rate: number): number {
  let count = 0
  for (let i = 0; i < units; i++) if (random() < rate) count += 1
  return count
}

type Traffic = { seed: number; seconds: number; canaryRate: (second: number) => number }

/** Evidence second by second: 5 % of 100 requests a second, 1 % base errors. */
function evidence({ seed, seconds, canaryRate }: Traffic): Point[] {
  const random = seededRandom(seed)
  let state = startCanaryProcess(HYPOTHESIS)
  const points: Point[] = [[0, 1]]
  for (let second = 1; second <= seconds; second++) {
    const canaryBad = bad(random, 5, canaryRate(second))
    state = observeStratum(
      state,
      { canaryUnits: 5, controlUnits: 95, canaryBad, controlBad: bad(random, 95, 0.01) },
      second - 1,
    )
    points.push([second, Math.min(9e5, Math.max(1e-2, Math.exp(state.logE)))])
    if (state.logE > Math.log(1e5)) break
  }
  return points
}

/** Healthy canaries stay low for ever; faulty ones cross 100 within a minute or two. */
export function evidenceFigure(): string {
  const chart = new Chart({
    title: 'Evidence against a canary, looked at every second',
    x: { label: 'seconds', range: [0, 600], ticks: [0, 120, 240, 360, 480, 600] },
    y: {
      label: 'evidence M',
      range: [0.1, 1e5],
      ticks: [0.1, 1, 10, 100, 1000, 1e4, 1e5],
      format: (v) => v.toLocaleString('en'),
      log: true,
    },
  })
  for (let seed = 1; seed <= 8; seed++)
    chart.line(evidence({ seed, seconds: 600, canaryRate: () => 0.01 }), { color: GREY, width: 1.2, opacity: 0.8 })
  for (let seed = 11; seed <= 14; seed++)
    chart.line(evidence({ seed, seconds: 600, canaryRate: () => 0.05 }), { color: RED, width: 1.6 })
  for (let seed = 21; seed <= 24; seed++)
    chart.line(evidence({ seed, seconds: 600, canaryRate: (s) => (s < 300 ? 0.01 : 0.05) }), {
      color: BLUE,
      width: 1.6,
    })
  chart.line(
    [
      [0, 100],
      [600, 100],
    ],
    { color: GREEN, dash: '6 4' },
  )
  chart.text([594, 130], 'roll back at 100 (alpha = .01)', { color: GREEN, anchor: 'end' })
  chart
    .text([120, 2e4], '5 % errors from the start', { color: RED })
    .text([446, 2e4], '5 % from second 300', { color: BLUE })
  chart.text([120, 0.16], 'healthy canaries', { color: GREY })
  return chart.svg()
}

type Tally = { bad: number; total: number }

/** Share of healthy canaries that a rule has rolled back by now. */
function falseRollbacks(runs: number, seconds: number): { peeked: Point[]; evidence: Point[] } {
  const first = { peeked: new Float64Array(seconds + 1), evidence: new Float64Array(seconds + 1) }
  for (let run = 0; run < runs; run++) {
    const random = seededRandom(5000 + run)
    let state = startCanaryProcess({ psi0: 1, alternatives: HYPOTHESIS.alternatives })
    const canary: Tally = { bad: 0, total: 0 }
    const control: Tally = { bad: 0, total: 0 }
    const done = { peeked: false, evidence: false }
    for (let second = 1; second <= seconds; second++) {
      const canaryBad = bad(random, 5, 0.01)
      const controlBad = bad(random, 95, 0.01)
      canary.bad += canaryBad
      canary.total += 5
      control.bad += controlBad
      control.total += 95
      state = observeStratum(state, { canaryUnits: 5, controlUnits: 95, canaryBad, controlBad })
      const z = twoProportionTest(
        { successes: canary.bad, total: canary.total },
        { successes: control.bad, total: control.total },
        { alternative: 'greater' },
      )
      if (!done.peeked && second > 20 && z.pValue <= 0.05) {
        done.peeked = true
        first.peeked[second] = (first.peeked[second] as number) + 1
      }
      if (!done.evidence && state.logE >= Math.log(20)) {
        done.evidence = true
        first.evidence[second] = (first.evidence[second] as number) + 1
      }
    }
  }
  const cumulated = (counts: Float64Array): Point[] => {
    let sum = 0
    return [...counts].map((count, second) => {
      sum += count
      return [second, sum / runs]
    })
  }
  return { peeked: cumulated(first.peeked), evidence: cumulated(first.evidence) }
}

/** Why a test that is made for one look must not be looked at every second. */
export function peekingFigure(): string {
  const { peeked, evidence: kept } = falseRollbacks(400, 900)
  const chart = new Chart({
    title: 'Healthy canaries rolled back, when one looks every second',
    x: {
      label: 'seconds (400 healthy canaries, both rules at alpha = .05)',
      range: [0, 900],
      ticks: [0, 180, 360, 540, 720, 900],
    },
    y: {
      label: 'rolled back',
      range: [0, 0.4],
      ticks: [0, 0.05, 0.1, 0.2, 0.3, 0.4],
      format: (v) => `${Math.round(v * 100)} %`,
    },
  })
  chart
    .line(peeked, { color: RED })
    .line(kept, { color: BLUE })
    .line(
      [
        [0, 0.05],
        [900, 0.05],
      ],
      { color: GREEN, dash: '6 4' },
    )
  chart.text([880, (peeked.at(-1) as Point)[1] + 0.015], 'z test, p <= .05 each second', { color: RED, anchor: 'end' })
  chart.text([880, 0.062], 'promised: at most 5 %, for ever', { color: GREEN, anchor: 'end' })
  chart.text([880, 0.008], 'e-process', { color: BLUE, anchor: 'end' })
  return chart.svg()
}
