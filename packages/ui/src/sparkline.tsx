'use client'
import { cn } from './cn.ts'
import type { Tone } from './tone.ts'

const stroke: Record<Tone, string> = {
  ok: 'stroke-ok',
  warn: 'stroke-warn',
  crit: 'stroke-crit',
  info: 'stroke-info',
  active: 'stroke-accent',
  neutral: 'stroke-ink-3',
}

/** Splits a series at its gaps, so that missing data is drawn as missing. */
function segments(values: (number | null)[], width: number, height: number): string[] {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value))
  if (known.length === 0) return []
  const low = Math.min(...known)
  const span = Math.max(...known) - low || 1
  const step = values.length > 1 ? width / (values.length - 1) : width
  const paths: string[] = []
  let path = ''
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value)) {
      if (path !== '') paths.push(path)
      path = ''
      return
    }
    const y = height - 2 - ((value - low) / span) * (height - 4)
    path += `${path === '' ? 'M' : 'L'}${(index * step).toFixed(1)} ${y.toFixed(1)}`
  })
  if (path !== '') paths.push(path)
  return paths
}

/** A trend in a table cell: 72 x 20 px, no axes; the sentence in `label` carries the numbers. */
export function Sparkline({
  values,
  label,
  tone = 'active',
  className,
}: {
  values: (number | null)[]
  label: string
  tone?: Tone
  className?: string
}) {
  return (
    <svg
      viewBox="0 0 72 20"
      role="img"
      aria-label={label}
      className={cn('h-5 w-[72px] shrink-0', className)}
      preserveAspectRatio="none"
    >
      {segments(values, 72, 20).map((path) => (
        <path
          key={path}
          d={path}
          fill="none"
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
          className={stroke[tone]}
        />
      ))}
    </svg>
  )
}
