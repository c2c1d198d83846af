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
export type MetricRow = { key: string; goal: Goal; cells: MetricCell[] }

const LOWER =
  /loss|err|rmse|mae|mse|mape|perplexity|latency|time|duration|_ms$|_s$|bytes|memory|brier|divergence|wer$|cer$/i

/** Which way a metric is better, by its name: losses, errors, times and sizes want to be low, all else high. */
export function goalOf(key: string): Goal {
  return LOWER.test(key) ? 'lower' : 'higher'
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
    const top = goal === 'lower' ? Math.min(...finite) : Math.max(...finite)
    const from = values[baseline]
    const cells = values.map((value, index): MetricCell => {
      const compared = typeof value === 'number' && typeof from === 'number' && index !== baseline
      const delta = compared ? value - from : null
      return {
        value,
        best: finite.length > 1 && value === top,
        delta,
        better: delta === null || delta === 0 ? null : delta > 0 === (goal === 'higher'),
      }
    })
    return { key, goal, cells }
  })
}

function keysOf(records: readonly object[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))].sort()
}
