/** Quality in windows from labels that came late: accuracy with its interval, and how many labels are still missing. */
import { estimateProportion, type ProportionEstimate } from './interval.ts'

/** One prediction; `trueLabel` null until feedback came. Times in milliseconds since 1970. */
export type JoinedPrediction = { at: number; variantId: string; predicted: string; trueLabel: string | null }

/** `maturity`: share of the window's predictions that have a label. */
export type QualityWindow = {
  fromMs: number
  toMs: number
  predictions: number
  labelled: number
  correct: number
  maturity: number
  accuracy: ProportionEstimate | null
}

/** A window below this share of labels is shown but not judged. */
export const MATURE = 0.8

/** Count one window. Predictions outside [fromMs, toMs) are left out. */
export function qualityOf(
  joined: readonly JoinedPrediction[],
  window: { fromMs: number; toMs: number },
): QualityWindow {
  const inside = joined.filter(({ at }) => at >= window.fromMs && at < window.toMs)
  const labelled = inside.filter(({ trueLabel }) => trueLabel !== null)
  const correct = labelled.filter(({ predicted, trueLabel }) => predicted === trueLabel).length
  return windowFrom(window, { predictions: inside.length, labelled: labelled.length, correct })
}

export type QualityCounts = { predictions: number; labelled: number; correct: number }

/** The same from counts the database already made. */
export function windowFrom(window: { fromMs: number; toMs: number }, counts: QualityCounts): QualityWindow {
  return {
    ...window,
    ...counts,
    maturity: counts.predictions === 0 ? 0 : counts.labelled / counts.predictions,
    accuracy: estimateProportion(counts.correct, counts.labelled),
  }
}

export type WindowVerdict = 'ok' | 'worse' | 'insufficient'

/** `worse` only when the whole interval lies more than `margin` below the baseline; too few labels are never `ok`. */
export function judgeWindow(
  window: QualityWindow,
  baseline: { accuracy: number; margin: number; minLabelled: number },
): WindowVerdict {
  if (window.accuracy === null || window.labelled < baseline.minLabelled || window.maturity < MATURE)
    return 'insufficient'
  return window.accuracy.high < baseline.accuracy - baseline.margin ? 'worse' : 'ok'
}
