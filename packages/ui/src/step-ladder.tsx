'use client'
import { Check, CircleDashed, Loader, X } from 'lucide-react'
import { cn } from './cn.ts'

export type StepState = 'done' | 'current' | 'next' | 'failed'
export type Step = { key: string; label: string; note?: string; state: StepState; stateLabel: string }

const look: Record<StepState, { icon: typeof Check; className: string }> = {
  done: { icon: Check, className: 'border-ok/50 bg-ok-soft text-ok' },
  current: { icon: Loader, className: 'border-accent bg-accent-soft text-accent' },
  next: { icon: CircleDashed, className: 'border-line bg-surface text-ink-3' },
  failed: { icon: X, className: 'border-crit/50 bg-crit-soft text-crit' },
}

/** A rollout's steps in order; the state is an icon, a colour and (for a screen reader) a word. */
export function StepLadder({ steps, label }: { steps: Step[]; label: string }) {
  return (
    <ol aria-label={label} className="flex flex-wrap items-stretch gap-1.5">
      {steps.map((step) => {
        const { icon: Icon, className } = look[step.state]
        return (
          <li
            key={step.key}
            aria-current={step.state === 'current' ? 'step' : undefined}
            className={cn('flex min-w-20 flex-1 flex-col rounded-md border px-2.5 py-1.5', className)}
          >
            <span className="flex items-center gap-1.5 font-semibold text-sm">
              <Icon aria-hidden className="size-3.5 shrink-0" />
              <span className="num">{step.label}</span>
              <span className="sr-only">{step.stateLabel}</span>
            </span>
            {step.note !== undefined && <span className="num mt-0.5 text-ink-3 text-2xs">{step.note}</span>}
          </li>
        )
      })}
    </ol>
  )
}
