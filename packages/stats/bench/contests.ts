import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  distanceBounds,
  emptyWindow,
  histogramCounter,
  ksAsymptoticPValue,
  ksPValue,
  ksTest,
  ksTestAgainst,
  quantileBins,
  sortedFloat64,
  sortedReference,
} from '../src/index.ts'
import { samples, single } from './data.ts'
import { type Contest, contest, type Outcome } from './measure.ts'
import type { Scipy } from './scipy.ts'

type Rows = readonly (Float64Array | Float32Array)[]

const ROWS = 10_000
const FEATURES = 1000

/** Hands rows to scipy through a file. */
async function share(scipy: Scipy, folder: string, arrays: Record<string, Rows>): Promise<void> {
  for (const [name, rows] of Object.entries(arrays)) {
    const path = join(folder, name)
    writeFileSync(path, Buffer.concat(rows.map((row) => new Uint8Array(row.buffer))))
    const dtype = rows[0] instanceof Float32Array ? '<f4' : '<f8'
    await scipy.ask({ kind: 'load', name, path, dtype, rows: rows.length })
  }
}

type Pairs = { reference: Rows; window: Rows }

/** Kolmogorov-Smirnov of every row of the window against its prepared reference, p-value included. */
function againstAll({ reference, window }: Pairs, method: 'auto' | 'asymptotic'): () => unknown {
  const single32 = reference[0] instanceof Float32Array
  const prepared = reference.map((row) => sortedReference(row, { precision: single32 ? 'float32' : 'float64' }))
  return () => {
    let p = 0
    prepared.forEach((one, i) => {
      p += ksTestAgainst(one, window[i] as Float64Array, { method }).pValue
    })
    return p
  }
}

/** The same by the mergeable histogram, hard bounds on D included, and the p-value of the upper bound. */
function histogramAll({ reference, window }: Pairs): () => unknown {
  const counters = reference.map((row) => histogramCounter(quantileBins(sortedFloat64(row))))
  return () => {
    let p = 0
    counters.forEach(({ bins, add }, i) => {
      const counted = emptyWindow(bins)
      add(counted, window[i] as Float64Array)
      const { high } = distanceBounds(bins, counted)
      p += ksPValue({ distance: high, n1: bins.count, n2: counted.total, alternative: 'two-sided' }).pValue
    })
    return p
  }
}

function ks(x: string, y: string, options: { method: 'auto' | 'asymp'; repeats: number }): Record<string, unknown> {
  return { kind: 'ks', x, y, ...options }
}

function pairContests(data: Record<string, Rows>): Contest[] {
  const pair = (x: string, y: string): Pairs => ({
    reference: [data[x]?.[0] as Float64Array],
    window: [data[y]?.[0] as Float64Array],
  })
  const auto = { method: 'auto' as const, repeats: 10 }
  const asymptotic = { method: 'asymp' as const, repeats: 10 }
  const f64 = pair('one', 'same')
  const f32 = pair('one32', 'same32')
  const drifted = pair('one', 'drifted')
  const label = '10,000 v 10,000, presorted'
  return [
    {
      name: `${label} f64, default method`,
      prepare: () => againstAll(f64, 'auto'),
      ourRepeats: 100,
      theirs: ks('one', 'same', auto),
      goal: 3,
    },
    {
      name: `${label} f64, asymptotic`,
      prepare: () => againstAll(f64, 'asymptotic'),
      ourRepeats: 100,
      theirs: ks('one', 'same', asymptotic),
      goal: 3,
    },
    {
      name: `${label} f64, asymptotic, drift`,
      prepare: () => againstAll(drifted, 'asymptotic'),
      ourRepeats: 100,
      theirs: ks('one', 'drifted', asymptotic),
      goal: 3,
    },
    {
      name: `${label} f32, default method`,
      prepare: () => againstAll(f32, 'auto'),
      ourRepeats: 100,
      theirs: ks('one32', 'same32', auto),
      goal: 5,
    },
    {
      name: `${label} f32, asymptotic`,
      prepare: () => againstAll(f32, 'asymptotic'),
      ourRepeats: 100,
      theirs: ks('one32', 'same32', asymptotic),
      goal: 5,
    },
    {
      name: '10,000 v 10,000, nothing prepared, default method',
      prepare: () => () => ksTest(f64.reference[0] as Float64Array, f64.window[0] as Float64Array),
      ourRepeats: 50,
      theirs: ks('one', 'same', auto),
      goal: null,
    },
  ]
}

function featureContests(data: Record<string, Rows>): Contest[] {
  const pairs = { reference: data.reference as Rows, window: data.window as Rows }
  const pairs32 = { reference: data.reference32 as Rows, window: data.window32 as Rows }
  const theirs = ks('reference', 'window', { method: 'asymp', repeats: 1 })
  const theirs32 = ks('reference32', 'window32', { method: 'asymp', repeats: 1 })
  const label = `${FEATURES.toLocaleString('en')} features x 10,000 rows, asymptotic`
  return [
    {
      name: `${label}, f64`,
      prepare: () => againstAll(pairs, 'asymptotic'),
      ourRepeats: 1,
      theirs,
      goal: 4,
      rounds: 3,
    },
    {
      name: `${label}, f32`,
      prepare: () => againstAll(pairs32, 'asymptotic'),
      ourRepeats: 1,
      theirs: theirs32,
      goal: null,
      rounds: 3,
    },
    { name: `${label}, histogram`, prepare: () => histogramAll(pairs), ourRepeats: 1, theirs, goal: 8, rounds: 3 },
  ]
}

function largeContests(data: Record<string, Rows>): Contest[] {
  const size = 1_000_000
  const effective = size / 2
  const d = 1.6 / Math.sqrt(effective)
  const p = () => ksAsymptoticPValue({ distance: d, n1: size, n2: size, alternative: 'two-sided' })
  const drifted = { reference: data.million as Rows, window: data.millionDrifted as Rows }
  const same = { reference: data.million as Rows, window: data.millionSame as Rows }
  const whole = { method: 'asymp' as const, repeats: 1 }
  return [
    {
      name: 'p-value alone, 1e6 v 1e6, drift (z = 1.6)',
      prepare: () => p,
      ourRepeats: 200,
      theirs: { kind: 'kstwo', n: effective, d, repeats: 1 },
      goal: 10,
      rounds: 3,
    },
    {
      name: '1e6 v 1e6 presorted f64, no drift',
      prepare: () => againstAll(same, 'asymptotic'),
      ourRepeats: 2,
      theirs: ks('million', 'millionSame', whole),
      goal: null,
      rounds: 3,
    },
    {
      name: '1e6 v 1e6 presorted f64, small drift',
      prepare: () => againstAll(drifted, 'asymptotic'),
      ourRepeats: 2,
      theirs: ks('million', 'millionDrifted', whole),
      goal: null,
      rounds: 3,
    },
  ]
}

/** Runs every contest against scipy, in order. */
export async function runContests(scipy: Scipy, report: (outcome: Outcome) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'modelyard-bench-data-'))
  const one = samples(1, ROWS, { seed: 1 })
  const same = samples(1, ROWS, { seed: 2 })
  const reference = samples(FEATURES, ROWS, { seed: 3 })
  const window = samples(FEATURES, ROWS, { seed: 4 })
  const data: Record<string, Rows> = {
    one,
    same,
    drifted: samples(1, ROWS, { seed: 5, shift: 0.06 }),
    one32: single(one),
    same32: single(same),
    reference,
    window,
    reference32: single(reference),
    window32: single(window),
    million: samples(1, 1_000_000, { seed: 6 }),
    millionSame: samples(1, 1_000_000, { seed: 7 }),
    millionDrifted: samples(1, 1_000_000, { seed: 8, shift: 0.005 }),
  }
  try {
    await share(scipy, folder, data)
    for (const entry of [...pairContests(data), ...featureContests(data), ...largeContests(data)]) {
      report(await contest(scipy, entry))
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
