import {
  applyIsotonic,
  distanceBounds,
  emptyWindow,
  estimatePerformance,
  fitIsotonic,
  histogramCounter,
  ksCriticalDistance,
  ksTest,
  quantileBins,
  type Random,
  seededRandom,
  sortedFloat64,
} from '../src/index.ts'
import { BLUE, Chart, GREEN, GREY, type Point, RED } from './chart.ts'

/** Nearly normal numbers: twelve uniforms less six. */
function normals(random: Random): () => number {
  return () => {
    let sum = -6
    for (let k = 0; k < 12; k++) sum += random()
    return sum
  }
}

function draw(n: number, next: () => number): Float64Array {
  return Float64Array.from({ length: n }, next)
}

const percent = (value: number) => `${Math.round(value * 100)} %`

function staircase(sample: Float64Array): Point[] {
  const points: Point[] = [[-4, 0]]
  sortedFloat64(sample).forEach((value, i) => {
    points.push([value, i / sample.length], [value, (i + 1) / sample.length])
  })
  points.push([4, 1])
  return points
}

function shareUpTo(sample: Float64Array, value: number): number {
  return sample.filter((v) => v <= value).length / sample.length
}

/** Two step functions and the widest gap between them. */
export function gapFigure(): string {
  const next = normals(seededRandom(12))
  const reference = draw(60, next)
  const current = draw(45, () => next() + 0.7)
  const { statistic, pValue, location } = ksTest(reference, current)
  const ends: Point[] = [
    [location, shareUpTo(reference, location)],
    [location, shareUpTo(current, location)],
  ]
  const chart = new Chart({
    title: 'The distance D is the widest gap between two step functions',
    x: { label: 'value of the feature', range: [-3.5, 4], ticks: [-3, -2, -1, 0, 1, 2, 3] },
    y: { label: 'share of rows up to the value', range: [0, 1.02], ticks: [0, 0.25, 0.5, 0.75, 1], format: percent },
  })
  chart
    .line(staircase(reference), { color: BLUE })
    .line(staircase(current), { color: RED })
    .line(ends, { color: '#111827', width: 3 })
  chart.text([-3.3, 0.92], 'reference, 60 rows', { color: BLUE }).text([1.75, 0.42], 'window, 45 rows', { color: RED })
  chart.text([1.75, 0.32], `D = ${statistic.toFixed(3)}, p = ${pValue.toExponential(1)}`, { color: '#111827' })
  return chart.svg()
}

/** The smallest significant distance falls with the number of rows; what matters does not. */
export function gateFigure(): string {
  const sizes = Array.from({ length: 60 }, (_, i) => 10 ** (1.5 + (i / 59) * 4.5))
  const critical = (alpha: number): Point[] => {
    return sizes.map((window) => [
      window,
      ksCriticalDistance({ reference: 1_000_000, window: Math.round(window), alpha }),
    ])
  }
  const curve = critical(0.05)
  const chart = new Chart({
    title: 'Significant is not the same as large',
    x: {
      label: 'rows in the window (reference: one million)',
      range: [30, 1e6],
      ticks: [100, 1000, 1e4, 1e5, 1e6],
      format: (v) => v.toLocaleString('en'),
      log: true,
    },
    y: { label: 'distance D', range: [0, 0.25], ticks: [0, 0.05, 0.1, 0.15, 0.2, 0.25] },
  })
  const gate: Point[] = curve.map(([x]) => [x, 0.1])
  const from = curve.filter(([, y]) => y < 0.1)
  chart.band(
    from.map(([x]) => [x, 0.1]),
    from,
    RED,
  )
  chart.line(curve, { color: BLUE }).line(critical(0.00139), { color: BLUE, dash: '6 4' }).line(gate, { color: GREEN })
  chart.text([50_000, 0.108], 'gate: D must reach 0.1', { color: GREEN })
  chart.text([2500, 0.055], 'significant, and too small to matter', { color: RED })
  chart.text([180, 0.232], 'solid: p = .05, dashed: p = .00139 (one false alarm a month)', {
    color: BLUE,
  })
  return chart.svg()
}

/** False alarms without drift on features with few levels. */
export function tiesFigure(): string {
  const levels = [2, 3, 5, 10, 30]
  const chart = new Chart({
    title: 'Ignoring ties silences the test on features with few levels',
    x: {
      label: 'levels of the feature (200 v 150 rows, no drift, 3,000 windows each)',
      range: [0.4, 5.6],
      ticks: [1, 2, 3, 4, 5],
      format: (v) => String(levels[v - 1]),
    },
    y: {
      label: 'windows with p <= .05',
      range: [0, 0.07],
      ticks: [0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06],
      format: percent,
    },
  })
  levels.forEach((count, k) => {
    const random = seededRandom(100 + count)
    const next = () => Math.floor(random() * count)
    const alarms = { plain: 0, aware: 0 }
    for (let run = 0; run < 3000; run++) {
      const x = draw(200, next)
      const y = draw(150, next)
      if (ksTest(x, y, { method: 'exact' }).pValue <= 0.05) alarms.plain += 1
      if (ksTest(x, y, { method: 'exact', ties: true }).pValue <= 0.05) alarms.aware += 1
    }
    chart.bar([k + 0.82, alarms.plain / 3000], 0.32, GREY).bar([k + 1.18, alarms.aware / 3000], 0.32, BLUE)
  })
  chart.line(
    [
      [0.4, 0.05],
      [5.6, 0.05],
    ],
    { color: RED, dash: '5 4', width: 1.5 },
  )
  chart
    .text([0.5, 0.064], 'grey: ties ignored (as scipy does)', { color: GREY })
    .text([0.5, 0.0585], 'blue: tie-aware', { color: BLUE })
  return chart.svg()
}

/** Hard bounds of the mergeable histogram around the exact distance. */
export function boundsFigure(): string {
  const next = normals(seededRandom(31))
  const reference = draw(20_000, next)
  const window = draw(5000, () => next() * 1.02 + 0.03)
  const exact = ksTest(reference, window, { method: 'asymptotic' }).statistic
  const counts = [8, 16, 32, 64, 128, 256, 512, 1024, 2048]
  const bounds = counts.map((binCount) => {
    const bins = quantileBins(sortedFloat64(reference), binCount)
    const counted = emptyWindow(bins)
    histogramCounter(bins).add(counted, window)
    return { binCount, ...distanceBounds(bins, counted) }
  })
  const chart = new Chart({
    title: 'A window kept as counts still knows between which bounds D lies',
    x: { label: 'bins K', range: [8, 2048], ticks: counts, log: true },
    y: {
      label: 'distance D',
      range: [0, 0.14],
      ticks: [0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.14],
      format: (v) => v.toFixed(2),
    },
  })
  const upper: Point[] = bounds.map((b) => [b.binCount, b.high])
  const lower: Point[] = bounds.map((b) => [b.binCount, b.low])
  chart.band(upper, lower, BLUE).line(upper, { color: BLUE }).line(lower, { color: BLUE })
  chart.line(
    [
      [8, exact],
      [2048, exact],
    ],
    { color: RED, dash: '6 4' },
  )
  chart
    .text([22, 0.1], 'upper bound', { color: BLUE })
    .text([300, exact + 0.012], `exact D = ${exact.toFixed(4)}`, { color: RED })
  return chart.svg()
}

/** Estimated and real accuracy as the data move, and as the concept turns. */
export function blindFigure(): string {
  const random = seededRandom(8)
  const next = normals(random)
  const chance = (x: number, turn: number) =>
    1 / (1 + Math.exp(2 - 1.8 * (x * Math.cos(turn) - Math.abs(x) * Math.sin(turn))))
  const label = (p: number) => (random() < p ? 1 : 0)
  const training = draw(30_000, next)
  const map = fitIsotonic(
    training,
    Array.from(training, (x) => label(chance(x, 0))),
  )
  const judge = (shift: number, turn: number) => {
    const rows = draw(12_000, () => next() + shift)
    const probabilities = rows.map((x) => applyIsotonic(map, x))
    const hits = rows.reduce(
      (sum, x, i) => sum + (label(chance(x, turn)) === ((probabilities[i] as number) >= 0.5 ? 1 : 0) ? 1 : 0),
      0,
    )
    return { estimated: estimatePerformance(probabilities).accuracy, real: hits / rows.length }
  }
  const weeks = Array.from({ length: 21 }, (_, i) => i)
  const results = weeks.map((week) => judge(week < 10 ? week * 0.1 : 1, week < 10 ? 0 : (week - 10) * 0.12))
  const chart = new Chart({
    title: 'Accuracy estimated without labels, and the real one',
    x: { label: 'week', range: [0, 20], ticks: [0, 5, 10, 15, 20] },
    y: { label: 'accuracy', range: [0.4, 1], ticks: [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1], format: percent },
  })
  chart.line(
    [
      [10, 0.4],
      [10, 1],
    ],
    { color: GREY, dash: '3 4', width: 1.5 },
  )
  chart
    .line(
      results.map(({ real }, i): Point => [i, real]),
      { color: RED },
    )
    .line(
      results.map(({ estimated }, i): Point => [i, estimated]),
      { color: BLUE, dash: '7 4' },
    )
  chart.text([0.4, 0.96], 'the data move', { color: GREY }).text([10.4, 0.96], 'the concept turns', { color: GREY })
  chart.text([0.4, 0.45], 'red: real, blue dashed: estimated from probabilities', { color: '#111827' })
  return chart.svg()
}
