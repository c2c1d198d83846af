'use client'
import { cn } from './cn.ts'

export type SplitPart = { label: string; share: number; color?: SplitColor; note?: string }
export type SplitColor = 'stable' | 'canary' | 'a' | 'b' | 'c' | 'rest'

const fill: Record<SplitColor, string> = {
  stable: 'fill-series-1',
  canary: 'fill-series-2',
  a: 'fill-series-1',
  b: 'fill-series-3',
  c: 'fill-series-5',
  rest: 'fill-line',
}

/**
 * Parts of a whole as one bar, with a legend that repeats the numbers in words.
 * `share` is 0..1; the caller formats `note` (a locale's percent sign), and parts that are nothing are left out of the bar.
 */
export function SplitBar({
  parts,
  label,
  legend = true,
  className,
}: {
  parts: SplitPart[]
  label: string
  legend?: boolean
  className?: string
}) {
  let at = 0
  const palette: SplitColor[] = ['a', 'b', 'c', 'rest']
  const drawn = parts.map((part, index) => {
    const start = at
    at += part.share
    return { ...part, start, color: part.color ?? palette[index % palette.length] ?? 'rest' }
  })
  return (
    <div className={cn('min-w-0', className)}>
      <svg role="img" aria-label={label} className="block h-2 w-full overflow-hidden rounded-full">
        <rect width="100%" height="100%" className="fill-raised" />
        {drawn.map((part) => (
          <rect
            key={part.label}
            x={percent(part.start)}
            width={percent(part.share)}
            height="100%"
            className={fill[part.color]}
          />
        ))}
        {drawn.slice(1).map((part) => (
          <rect key={part.label} x={percent(part.start)} width="1.5" height="100%" className="fill-surface" />
        ))}
      </svg>
      {legend && (
        <ul className="mt-1.5 flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
          {drawn.map((part) => (
            <li key={part.label} className="inline-flex items-center gap-1.5 text-ink-2">
              <svg aria-hidden className="size-2 shrink-0" viewBox="0 0 8 8">
                <rect width="8" height="8" rx="2" className={fill[part.color]} />
              </svg>
              <span className="font-medium text-ink">{part.label}</span>
              {part.note !== undefined && <span className="num">{part.note}</span>}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`
}

/** A bounded quantity as a thin bar, 0..1. */
export function Meter({
  value,
  label,
  tone = 'accent',
  className,
}: {
  value: number
  label: string
  tone?: 'accent' | 'warn' | 'crit' | 'ok'
  className?: string
}) {
  const fills = { accent: 'fill-accent', warn: 'fill-warn', crit: 'fill-crit', ok: 'fill-ok' }
  return (
    <svg role="img" aria-label={label} className={cn('block h-1.5 w-full overflow-hidden rounded-full', className)}>
      <rect width="100%" height="100%" className="fill-raised" />
      <rect width={percent(Math.min(1, Math.max(0, value)))} height="100%" className={fills[tone]} />
    </svg>
  )
}
