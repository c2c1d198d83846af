/** What differs between runs, and which is better at what: pure tables that the comparison page draws. */

export type Compared = {
  id: string
  params: Record<string, string>
  metrics: Record<string, number | 'NaN' | 'Infinity' | '-Infinity'>
}

export type DifferenceRow = {
  key: string
  /** In the order of the runs; null where a run has none. */
  values: (string | null)[]
  differs: boolean
}

/** One row for each key that any run has, by name; `differs` unless all runs say the same. */
export function differences(records: readonly Record<string, string>[]): DifferenceRow[] {
  return keysOf(records).map((key) => {
    const values = records.map((record) => (Object.hasOwn(record, key) ? (record[key] ?? null) : null))
    return { key, values, differs: new Set(values).size > 1 }
  })
}

export type Goal = 'lower' | 'higher'
export type MetricCell = {
  value: number | 'NaN' | 'Infinity' | '-Infinity' | null
  /** Of the runs compared; more than one when they tie, none when only one has the metric. */
  best: boolean
  /** From the baseline's value; null without two finite ones, and for the baseline itself. */
  delta: number | null
  better: boolean | null
}
/** Without a known goal no run is called best: a wrong star is worse than none. */
export type MetricRow = { key: string; goal: Goal | null; cells: MetricCell[] }

const LOWER =
  /loss|err|rmse|mae|mse|mape|perplexity|latency|time|duration|_ms$|_s$|bytes|memory|brier|divergence|wer$|cer$/i

const HIGHER =
  /acc|f1|precision|recall|auc|score|r2|r_squared|bleu|rouge|map(?![a-z])|iou|dice|reward|throughput|kappa|mcc/i

/**
 * Which way a metric is better, by its name: losses, errors, times and sizes want to be low, shares of what is right
 * high. Null where the name says neither.
 */
export function goalOf(key: string): Goal | null {
  if (LOWER.test(key)) return 'lower'
  return HIGHER.test(key) ? 'higher' : null
}

/**
 * Each metric that any run has, with the best finite value marked and the distance to the baseline run.
 * @param goals overrides of the guess by name: the project's own goals.
 */
export function metricTable(
  runs: readonly Compared[],
  baseline: number,
  goals: Readonly<Record<string, Goal>> = {},
): MetricRow[] {
  return keysOf(runs.map(({ metrics }) => metrics)).map((key) => {
    const goal = (Object.hasOwn(goals, key) ? goals[key] : undefined) ?? goalOf(key)
    const values = runs.map(({ metrics }) => (Object.hasOwn(metrics, key) ? (metrics[key] ?? null) : null))
    const finite = values.filter((value) => typeof value === 'number')
    const top = goal === null ? null : goal === 'lower' ? Math.min(...finite) : Math.max(...finite)
    const from = values[baseline]
    const cells = values.map((value, index): MetricCell => {
      const compared = typeof value === 'number' && typeof from === 'number' && index !== baseline
      const delta = compared ? value - from : null
      return {
        value,
        best: finite.length > 1 && value === top,
        delta,
        better: goal === null || delta === null || delta === 0 ? null : delta > 0 === (goal === 'higher'),
      }
    })
    return { key, goal, cells }
  })
}

function keysOf(records: readonly object[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))].sort()
}
