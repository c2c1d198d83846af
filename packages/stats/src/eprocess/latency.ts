import { requireOpenProbability, requireThat, type Sample } from '../sample.ts'
import { endsInNaN, sortedFloat64 } from '../sort.ts'
import {
  type CanaryHypothesis,
  type CanaryProcess,
  observeStratum,
  ROLLBACK_HYPOTHESIS,
  startCanaryProcess,
} from './canary.ts'
import { logMeanExp } from './evidence.ts'
import type { Stratum } from './odds-ratio.ts'

/** Latencies of one interval, in any one unit; NaN and negative values are refused. */
export type LatencyInterval = { canary: Sample; control: Sample }

export type LatencyHypothesis = {
  /** Quantiles of the control's latency that the canary must not exceed more often than the control. */
  quantiles: readonly number[]
  /** A canary row is slow above threshold (1 + tolerance); 0.1 forgives 10 %. */
  tolerance: number
  evidence: CanaryHypothesis
}

/** Median, 90th and 99th percentile, 10 % forgiven. */
export const LATENCY_HYPOTHESIS: LatencyHypothesis = {
  quantiles: [0.5, 0.9, 0.99],
  tolerance: 0.1,
  evidence: { ...ROLLBACK_HYPOTHESIS, psi0: 1 },
}

export type LatencyProcess = {
  hypothesis: LatencyHypothesis
  /** One odds-ratio process per quantile. */
  perQuantile: readonly CanaryProcess[]
  /** ln of the mean of their e-values: an e-value again, whatever their dependence. */
  logE: number
  maxLogE: number
}

/** A latency process that has seen nothing. */
export function startLatencyProcess(hypothesis: LatencyHypothesis = LATENCY_HYPOTHESIS): LatencyProcess {
  requireThat(hypothesis.quantiles.length > 0 && hypothesis.tolerance >= 0, 'needs a quantile and tolerance >= 0')
  for (const quantile of hypothesis.quantiles) requireOpenProbability(quantile, 'quantile')
  const perQuantile = hypothesis.quantiles.map(() => startCanaryProcess(hypothesis.evidence))
  return { hypothesis, perQuantile, logE: 0, maxLogE: 0 }
}

/** Empirical quantiles (inverse of the distribution function) of the control's EARLIER latencies, one per quantile asked. */
export function latencyThresholds(earlierControl: Sample, quantiles: readonly number[]): number[] {
  requireThat(earlierControl.length > 0, 'no earlier control latencies')
  const sorted = sortedFloat64(earlierControl)
  requireThat(!endsInNaN(sorted), 'earlier control latencies hold NaN')
  return quantiles.map((q) => sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] as number)
}

function countAbove(values: Sample, threshold: number): number {
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    requireThat(value >= 0, `a latency must be >= 0, got ${value}`)
    if (value > threshold) count += 1
  }
  return count
}

/** Slow rows of one interval as a stratum. */
export function latencyStratum({ canary, control }: LatencyInterval, threshold: number, tolerance: number): Stratum {
  return {
    canaryUnits: canary.length,
    controlUnits: control.length,
    canaryBad: countAbove(canary, threshold * (1 + tolerance)),
    controlBad: countAbove(control, threshold),
  }
}

/**
 * Takes in one interval. The thresholds must come from intervals before this one ({@link latencyThresholds}), which keeps
 * the evidence valid (predictable thresholds; compare Howard & Ramdas 2022 on quantiles). Both sides slowing down together
 * moves nothing, because each interval is judged given its own margins.
 */
export function observeLatency(
  process: LatencyProcess,
  interval: LatencyInterval,
  at: { thresholds: readonly number[]; position?: number },
): LatencyProcess {
  const { hypothesis } = process
  requireThat(at.thresholds.length === hypothesis.quantiles.length, 'one threshold per quantile')
  const perQuantile = process.perQuantile.map((inner, i) => {
    const stratum = latencyStratum(interval, at.thresholds[i] as number, hypothesis.tolerance)
    return observeStratum(inner, stratum, at.position)
  })
  const logE = logMeanExp(perQuantile.map((inner) => inner.logE))
  return { hypothesis, perQuantile, logE, maxLogE: Math.max(process.maxLogE, logE) }
}
