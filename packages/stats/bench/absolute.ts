import {
  distanceBounds,
  emptyWindow,
  histogramCounter,
  ksPValue,
  ksTestSorted,
  observeStratum,
  quantileBins,
  ROLLBACK_HYPOTHESIS,
  SlidingWindow,
  sortedFloat64,
  sortedReference,
  startCanaryProcess,
} from '../src/index.ts'
import { samples } from './data.ts'
import { cpuSeconds } from './measure.ts'

/** A time of our own with the most it may be. */
export type Reading = { name: string; seconds: number; limit: number | null }

const [reference, window] = samples(2, 10_000, { seed: 21 }) as [Float64Array, Float64Array]

function best(work: () => unknown, repeats: number, perCall: number): number {
  cpuSeconds(work, repeats)
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5; round++) least = Math.min(least, cpuSeconds(work, repeats))
  return least / perCall
}

function histogramReadings(): Reading[] {
  const bins = quantileBins(sortedFloat64(reference))
  const counter = histogramCounter(bins)
  const skewed = (row: Float64Array) => row.map((value) => Math.exp(3 * value))
  const skewedCounter = histogramCounter(quantileBins(sortedFloat64(skewed(reference))))
  const skewedWindow = skewed(window)
  const counted = emptyWindow(bins)
  const add = (one: typeof counter, rows: Float64Array) => () => one.add(emptyWindow(one.bins), rows)
  counter.add(counted, window)
  return [
    { name: 'histogram add, K = 1024, per row', seconds: best(add(counter, window), 200, 10_000), limit: 40e-9 },
    {
      name: 'histogram add, lognormal data, per row',
      seconds: best(add(skewedCounter, skewedWindow), 200, 10_000),
      limit: 40e-9,
    },
    {
      name: 'histogram bounds on D, K = 1024',
      seconds: best(() => distanceBounds(bins, counted), 500, 1),
      limit: null,
    },
  ]
}

function slidingReading(size: number): Reading {
  const [rows, stream] = [
    samples(1, size, { seed: 31 })[0] as Float64Array,
    samples(1, 100_000, { seed: 32 })[0] as Float64Array,
  ]
  const sliding = new SlidingWindow(sortedReference(rows), 1000)
  let sum = 0
  const work = () => {
    for (const value of stream) {
      sliding.push(value)
      sum += sliding.distance()
    }
    return sum
  }
  const name = `exact sliding D, reference ${size.toLocaleString('en')}, window 1,000, per row`
  return { name, seconds: best(work, 1, stream.length), limit: 1.5e-6 }
}

type VerdictCase = { sizes: [number, number]; shift: number; levels: number }

/** A tie-aware verdict on sorted rows, statistic and p-value together. */
function tieReading({ sizes, shift, levels }: VerdictCase): Reading {
  const shape = (row: Float64Array) => sortedFloat64(row.map((value) => Math.round((value * levels) / 6)))
  const x = shape(samples(1, sizes[0], { seed: 41 })[0] as Float64Array)
  const y = shape(samples(1, sizes[1], { seed: 42, shift })[0] as Float64Array)
  const seconds = best(() => ksTestSorted(x, y, { method: 'best', ties: true }), 10, 1)
  const [n, m] = sizes.map((size) => size.toLocaleString('en'))
  return { name: `tie-aware verdict on sorted rows, ${n} v ${m}, about ${levels} levels`, seconds, limit: 5e-3 }
}

/** The dearest p-value over sizes from 10 to a million and distances from no drift to plain drift. */
function dearestPValue(): Reading {
  const sizes = [10, 137, 999, 1000, 5000, 9999, 10_000, 65_537, 100_000, 999_983, 1_000_000]
  let dearest = { seconds: 0, name: '' }
  for (const n1 of sizes) {
    for (const n2 of sizes) {
      for (const z of [0.3, 0.8, 1.2, 1.6, 2.2, 4]) {
        const distance = Math.min(1, z * Math.sqrt(1 / n1 + 1 / n2))
        const work = () => ksPValue({ distance, n1, n2, alternative: 'two-sided' })
        const seconds = Math.min(cpuSeconds(work, 2), cpuSeconds(work, 2), cpuSeconds(work, 2))
        if (seconds > dearest.seconds) dearest = { seconds, name: `${n1} v ${n2}, z = ${z}` }
      }
    }
  }
  return { name: `dearest p-value of 726 (${dearest.name})`, seconds: dearest.seconds, limit: 5e-3 }
}

function canaryReading(): Reading {
  const stratum = { canaryUnits: 5, controlUnits: 95, canaryBad: 1, controlBad: 1 }
  let state = startCanaryProcess(ROLLBACK_HYPOTHESIS)
  const work = () => {
    state = observeStratum(state, stratum)
  }
  return { name: 'canary e-process, one stratum, 6 alternatives, 30 starts', seconds: best(work, 2000, 1), limit: null }
}

/** Everything that is measured on its own. */
export function absoluteReadings(): Reading[] {
  return [
    ...histogramReadings(),
    slidingReading(1000),
    slidingReading(10_000),
    slidingReading(100_000),
    dearestPValue(),
    tieReading({ sizes: [1000, 1000], shift: 0.1, levels: 100 }),
    tieReading({ sizes: [10_000, 10_000], shift: 0.06, levels: 5 }),
    tieReading({ sizes: [100_000, 100_000], shift: 0.02, levels: 5 }),
    canaryReading(),
  ]
}
