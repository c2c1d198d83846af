/** KPIs: written once per project, they become promotion gates, rollout guards, alert rules and chart lines. */

/** Metrics a KPI may name. `better` is the direction of improvement; ratios are in [0, 1], latency in milliseconds. */
export const KPI_METRICS = {
  accuracy: { unit: 'ratio', better: 'higher', title: 'Accuracy' },
  macro_f1: { unit: 'ratio', better: 'higher', title: 'Macro F1' },
  macro_precision: { unit: 'ratio', better: 'higher', title: 'Macro precision' },
  macro_recall: { unit: 'ratio', better: 'higher', title: 'Macro recall' },
  auc: { unit: 'ratio', better: 'higher', title: 'Area under the ROC curve' },
  log_loss: { unit: 'nat', better: 'lower', title: 'Log loss' },
  rmse: { unit: 'value', better: 'lower', title: 'Root mean squared error' },
  mae: { unit: 'value', better: 'lower', title: 'Mean absolute error' },
  error_ratio: { unit: 'ratio', better: 'lower', title: 'Share of failed requests' },
  p50_latency_ms: { unit: 'ms', better: 'lower', title: 'Median latency' },
  p95_latency_ms: { unit: 'ms', better: 'lower', title: '95th percentile latency' },
  p99_latency_ms: { unit: 'ms', better: 'lower', title: '99th percentile latency' },
} as const satisfies Record<string, { unit: string; better: 'higher' | 'lower'; title: string }>

export type KpiMetric = keyof typeof KPI_METRICS
export const KPI_OPERATORS = ['>=', '<='] as const
export type KpiOperator = (typeof KPI_OPERATORS)[number]
export type Kpi = { metric: KpiMetric; op: KpiOperator; target: number }

/** `unknown` is its own verdict: a metric nobody measured neither passes nor fails. */
export type KpiVerdict = {
  kpi: Kpi
  verdict: 'pass' | 'fail' | 'unknown'
  observed: number | null
  margin: number | null
}

/** Why a KPI makes no sense, or null. */
export function checkKpi(kpi: Kpi): string | null {
  if (!Number.isFinite(kpi.target)) return 'the target must be a finite number'
  const { better, unit } = KPI_METRICS[kpi.metric]
  if ((better === 'higher') !== (kpi.op === '>='))
    return `${kpi.metric} improves when ${better}, so use ${better === 'higher' ? '>=' : '<='}`
  if (unit === 'ratio' && (kpi.target < 0 || kpi.target > 1))
    return `${kpi.metric} is a ratio, its target lies in [0, 1]`
  return kpi.target < 0 ? 'the target must not be negative' : null
}

/** Judge one KPI. `margin` is how far the observation lies on the good side of the target (negative when it fails). */
export function evaluateKpi(kpi: Kpi, observed: number | null | undefined): KpiVerdict {
  if (observed === null || observed === undefined || !Number.isFinite(observed)) {
    return { kpi, verdict: 'unknown', observed: null, margin: null }
  }
  const margin = kpi.op === '>=' ? observed - kpi.target : kpi.target - observed
  return { kpi, verdict: margin >= 0 ? 'pass' : 'fail', observed, margin }
}

/** Judge all KPIs against a bag of observations. */
export function evaluateKpis(kpis: readonly Kpi[], observed: Partial<Record<KpiMetric, number>>): KpiVerdict[] {
  return kpis.map((kpi) => evaluateKpi(kpi, observed[kpi.metric]))
}

/**
 * A measurement in at most four significant digits. Where the nearest such number lies on the other side of the target,
 * the one before it is shown, so that a sentence never contradicts its verdict (0.89996 is not said to be 0.9).
 */
export function formatMeasured({ op, target }: Kpi, observed: number): string {
  const nearest = Number(observed.toPrecision(4))
  const holds = (value: number) => (op === '>=' ? value >= target : value <= target)
  if (holds(nearest) === holds(observed)) return String(nearest)
  const step = 10 ** (Math.floor(Math.log10(Math.abs(observed))) - 3)
  return String(Number((nearest > observed ? nearest - step : nearest + step).toPrecision(4)))
}

/** `accuracy >= 0.9`, as people write it. */
export function formatKpi(kpi: Kpi): string {
  return `${kpi.metric} ${kpi.op} ${kpi.target}`
}
