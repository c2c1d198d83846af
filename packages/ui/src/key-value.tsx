import type { ReactNode } from 'react'
import { cn } from './cn.ts'

export type Pair = { label: string; value: ReactNode; mono?: boolean }

/** Facts as a definition list; one column on a phone. */
export function KeyValue({ pairs, className }: { pairs: Pair[]; className?: string }) {
  return (
    <dl className={cn('grid grid-cols-[minmax(5.5rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1.5', className)}>
      {pairs.map((pair) => (
        <div key={pair.label} className="contents">
          <dt className="text-ink-3 text-xs leading-5">{pair.label}</dt>
          <dd className={cn('min-w-0 text-ink text-sm [overflow-wrap:anywhere]', pair.mono && 'mono')}>{pair.value}</dd>
        </div>
      ))}
    </dl>
  )
}
