import { cn } from './cn.ts'

export type Liveness = 'live' | 'late' | 'off'

const fills: Record<Liveness, string> = { live: 'fill-ok', late: 'fill-warn', off: 'fill-line-strong' }

/** Whether the page hears the server: green, amber, grey, always with its word. */
export function LiveDot({ state, label, hideLabel = false }: { state: Liveness; label: string; hideLabel?: boolean }) {
  return (
    <span role="status" title={label} className="inline-flex items-center gap-1.5 text-ink-2 text-xs">
      <svg aria-hidden viewBox="0 0 10 10" className="size-2.5 shrink-0">
        <circle
          cx="5"
          cy="5"
          r="5"
          className={cn(fills[state], 'opacity-25', state === 'live' && 'motion-safe:animate-pulse')}
        />
        <circle cx="5" cy="5" r="3" className={fills[state]} />
      </svg>
      <span className={hideLabel ? 'sr-only' : undefined}>{label}</span>
    </span>
  )
}
