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
