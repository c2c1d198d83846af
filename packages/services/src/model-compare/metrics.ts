import type { ComparedMetric, EvaluationReport } from '@modelyard/contracts'

type Measured = Pick<ComparedMetric, 'group' | 'name' | 'unit' | 'better' | 'values'>
type Kind = Pick<ComparedMetric, 'unit' | 'better'>

/** What is compared of one version. */
export type MeasuredVersion = {
  sizeBytes: number
  evaluations: readonly EvaluationReport[]
  /** Newest values that its run logged, by key. */
  logged: ReadonlyMap<string, number>
}

const SPLITS = ['test', 'validation', 'train'] as const
const RATIO_UP: Kind = { unit: 'ratio', better: 'higher' }
const MS_DOWN: Kind = { unit: 'ms', better: 'lower' }
const REPORTED: [string, Kind, (report: EvaluationReport) => number | null][] = [
  ['accuracy', RATIO_UP, ({ accuracy }) => accuracy],
  ['macro_f1', RATIO_UP, ({ macroF1 }) => macroF1],
  ['auc', RATIO_UP, ({ curves }) => curves?.macro.auc ?? null],
  ['ece', { unit: 'ratio', better: 'lower' }, ({ calibration }) => calibration?.ece ?? null],
  ['log_loss', { unit: 'none', better: 'lower' }, ({ logLoss }) => logLoss],
  ['p50_latency_ms', MS_DOWN, ({ latencyMs }) => latencyMs.p50],
  ['p95_latency_ms', MS_DOWN, ({ latencyMs }) => latencyMs.p95],
  ['p99_latency_ms', MS_DOWN, ({ latencyMs }) => latencyMs.p99],
]

/**
 * Every measurement that at least one of the versions has, with differences to the version in the column `baseline` and
 * the columns that are best. Which way is good is known of evaluations and sizes only, not of what a client logged.
 */
export function compareMetrics(versions: readonly MeasuredVersion[], baseline: number): ComparedMetric[] {
  const measured = [...evaluated(versions), ...sizes(versions), ...logged(versions)]
  return measured
    .filter(({ values }) => values.some((value) => value !== null))
    .map((metric) => ({ ...metric, ...judged(metric, baseline) }))
}

function evaluated(versions: readonly MeasuredVersion[]): Measured[] {
  return SPLITS.flatMap((split) => {
    const reports = versions.map(({ evaluations }) => evaluations.find((report) => report.split === split) ?? null)
    const whole = REPORTED.map(([name, kind, read]) => ({
      ...{ group: split, name, ...kind },
      values: reports.map((report) => (report === null ? null : finite(read(report)))),
    }))
    const labels = new Set(reports.flatMap((report) => report?.perClass.map(({ label }) => label) ?? []))
    const perClass = [...labels].map((label) => ({
      ...{ group: split, name: `f1 · ${label}`, ...RATIO_UP },
      values: reports.map((report) => finite(report?.perClass.find((each) => each.label === label)?.f1 ?? null)),
    }))
    return [...whole, ...perClass]
  })
}

function sizes(versions: readonly MeasuredVersion[]): Measured[] {
  const values = versions.map(({ sizeBytes }) => sizeBytes)
  return [{ group: 'file', name: 'size', unit: 'bytes', better: 'lower', values }]
}

function logged(versions: readonly MeasuredVersion[]): Measured[] {
  const keys = [...new Set(versions.flatMap((version) => [...version.logged.keys()]))].toSorted()
  return keys.map((name) => ({
    ...{ group: 'run' as const, name, unit: 'none' as const, better: null },
    values: versions.map((version) => finite(version.logged.get(name) ?? null)),
  }))
}

function judged({ values, better }: Measured, baseline: number): Pick<ComparedMetric, 'deltas' | 'best'> {
  const reference = values[baseline] ?? null
  const deltas = values.map((value) => (value === null || reference === null ? null : value - reference))
  const known = values.filter((value) => value !== null)
  if (better === null || new Set(known).size < 2) return { deltas, best: [] }
  const best = better === 'higher' ? Math.max(...known) : Math.min(...known)
  return { deltas, best: [...values.keys()].filter((column) => values[column] === best) }
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null
}
