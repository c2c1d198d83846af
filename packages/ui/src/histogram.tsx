'use client'
import { cn } from './cn.ts'

const WIDTH = 96
const HEIGHT = 28

function share(counts: number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return total === 0 ? counts.map(() => 0) : counts.map((count) => count / total)
}

/** Each bin with the left edge of its bar, which is also what tells bars apart. */
function bars(shares: number[]): { x: number; value: number }[] {
  return shares.map((value, index) => ({ x: (index * WIDTH) / shares.length, value }))
}

/**
 * Two distributions over the same bins: the reference as solid bars, the window as an outline on top.
 * Counts are normalised to shares, because a window of 400 rows is compared with a reference of 4000.
 */
export function HistogramPair({
  reference,
  current,
  label,
  className,
}: {
  reference: number[]
  current: number[]
  label: string
  className?: string
}) {
  const before = share(reference)
  const after = share(current)
  const bins = Math.max(before.length, after.length, 1)
  const top = Math.max(...before, ...after, 1e-9)
  const width = WIDTH / bins
  const y = (value: number) => HEIGHT - (value / top) * (HEIGHT - 2)
  const outline = after.map(
    (value, index) =>
      `${index === 0 ? 'M' : 'L'}${(index * width).toFixed(2)} ${y(value).toFixed(2)}H${((index + 1) * width).toFixed(2)}`,
  )
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      className={cn('h-7 w-24 shrink-0', className)}
    >
      {bars(before).map(({ x, value }) => (
        <rect
          key={x}
          x={x + 0.4}
          y={y(value)}
          width={Math.max(0.5, width - 0.8)}
          height={HEIGHT - y(value)}
          className="fill-line-strong/45"
        />
      ))}
      <path
        d={outline.join('')}
        fill="none"
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
        className="stroke-series-2"
      />
    </svg>
  )
}

/** One distribution as bars: a column's profile. */
export function Histogram({ counts, label, className }: { counts: number[]; label: string; className?: string }) {
  const shares = share(counts)
  const top = Math.max(...shares, 1e-9)
  const width = WIDTH / Math.max(shares.length, 1)
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      className={cn('h-6 w-20 shrink-0', className)}
    >
      <rect y={HEIGHT - 0.75} width={WIDTH} height="0.75" className="fill-line" />
      {bars(shares).map(({ x, value }) => (
        <rect
          key={x}
          x={x + 0.4}
          y={HEIGHT - (value / top) * (HEIGHT - 2)}
          width={Math.max(0.5, width - 0.8)}
          height={(value / top) * (HEIGHT - 2)}
          className="fill-series-1/75"
        />
      ))}
    </svg>
  )
}
