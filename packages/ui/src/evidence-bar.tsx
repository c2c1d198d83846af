'use client'
import { cn } from './cn.ts'
import type { Tone } from './tone.ts'

const fills: Record<Tone, string> = {
  ok: 'fill-ok',
  warn: 'fill-warn',
  crit: 'fill-crit',
  info: 'fill-info',
  active: 'fill-accent',
  neutral: 'fill-line-strong',
}

/**
 * Evidence against its threshold on a logarithmic scale: the tick is where a decision is taken.
 * `logValue` and `logThreshold` are natural logarithms of an e-value; evidence below 1 draws nothing.
 */
export function EvidenceBar({
  logValue,
  logThreshold,
  label,
  tone,
  className,
}: {
  logValue: number
  logThreshold: number
  label: string
  tone: Tone
  className?: string
}) {
  const scale = Math.max(logThreshold * 1.25, logValue, 1e-9)
  const at = (value: number) => `${((Math.min(Math.max(value, 0), scale) / scale) * 100).toFixed(2)}%`
  return (
    <svg role="img" aria-label={label} className={cn('block h-3 w-full', className)}>
      <rect y="3" width="100%" height="6" rx="3" className="fill-raised" />
      <rect y="3" width={at(logValue)} height="6" rx="3" className={fills[tone]} />
      <rect x={at(logThreshold)} width="2" height="12" className="fill-ink" />
    </svg>
  )
}

/**
 * A difference with its confidence interval and its limit: line, shaded interval, dashed threshold.
 * All values share one unit; the axis spans zero, the interval and the limit.
 */
export function IntervalBar({
  estimate,
  low,
  high,
  limit,
  label,
  tone,
  className,
}: {
  estimate: number
  low: number
  high: number
  limit: number
  label: string
  tone: Tone
  className?: string
}) {
  const left = Math.min(0, low, limit, estimate)
  const right = Math.max(0, high, limit, estimate)
  const pad = (right - left || 1) * 0.08
  const at = (value: number) => (((value - left + pad) / (right - left + 2 * pad)) * 100).toFixed(2)
  const width = (Number(at(high)) - Number(at(low))).toFixed(2)
  return (
    <svg role="img" aria-label={label} className={cn('block h-7 w-full', className)}>
      <line x1={`${at(0)}%`} x2={`${at(0)}%`} y1="2" y2="26" className="stroke-line-strong" strokeWidth="1" />
      <line
        x1={`${at(limit)}%`}
        x2={`${at(limit)}%`}
        y1="0"
        y2="28"
        className="stroke-crit"
        strokeWidth="1.5"
        strokeDasharray="3 3"
      />
      <rect x={`${at(low)}%`} width={`${width}%`} y="9" height="10" rx="3" className={cn(fills[tone], 'opacity-35')} />
      <circle cx={`${at(estimate)}%`} cy="14" r="4" className={fills[tone]} />
    </svg>
  )
}
