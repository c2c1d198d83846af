import type { ReactNode } from 'react'
import { cn } from './cn.ts'
import { type Tone, toneBorder } from './tone.ts'

/** A titled region. `flush` lets a table touch the card's edges. */
export function Card({
  title,
  hint,
  actions,
  children,
  flush = false,
  tone = 'neutral',
  className,
  id,
}: {
  title?: ReactNode
  hint?: ReactNode
  actions?: ReactNode
  children: ReactNode
  flush?: boolean
  tone?: Tone
  className?: string
  id?: string
}) {
  return (
    <section id={id} className={cn('min-w-0 rounded-lg border bg-surface', toneBorder[tone], className)}>
      {title !== undefined && (
        <header className="flex min-h-11 flex-wrap items-center justify-between gap-x-3 gap-y-1 border-line border-b px-4 py-2">
          <h2 className="font-semibold text-ink text-sm">{title}</h2>
          {hint !== undefined && (
            <p className="min-w-0 flex-1 text-ink-3 text-xs max-md:order-last max-md:basis-full">{hint}</p>
          )}
          {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={flush ? 'min-w-0' : 'min-w-0 px-4 py-3'}>{children}</div>
    </section>
  )
}

/** One number that answers a question: label above, value large, context below. */
export function Stat({
  label,
  value,
  unit,
  note,
  tone,
}: {
  label: string
  value: ReactNode
  unit?: string
  note?: ReactNode
  tone?: Tone
}) {
  return (
    <div className="min-w-0">
      <div className="text-ink-3 text-xs">{label}</div>
      <div
        className={cn(
          'num mt-0.5 font-semibold text-xl leading-tight tracking-tight',
          tone === 'crit' && 'text-crit',
          tone === 'warn' && 'text-warn',
          tone === 'ok' && 'text-ok',
        )}
      >
        {value}
        {unit !== undefined && <span className="ml-1 font-normal text-ink-3 text-sm">{unit}</span>}
      </div>
      {note !== undefined && <div className="mt-0.5 text-ink-3 text-xs">{note}</div>}
    </div>
  )
}
