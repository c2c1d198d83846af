'use client'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'
import { type Tone, toneFill } from './tone.ts'

export type TimelineItem = { key: string; at: ReactNode; tone: Tone; title: ReactNode; body?: ReactNode }

/** What happened, newest or oldest first as the caller orders it; the word says what the dot's colour means. */
export function Timeline({ items, label }: { items: TimelineItem[]; label: string }) {
  return (
    <ol aria-label={label} className="relative">
      {items.map((item, index) => (
        <li key={item.key} className="relative flex gap-3 pb-3 last:pb-0">
          <div className="relative flex w-3 shrink-0 justify-center" aria-hidden>
            {index < items.length - 1 && <span className="absolute top-[19px] -bottom-1 w-px bg-line" />}
            <svg aria-hidden viewBox="0 0 10 10" className="mt-[5px] size-2.5">
              <circle cx="5" cy="5" r="4.5" className={cn(toneFill[item.tone])} />
            </svg>
          </div>
          <div className="min-w-0 flex-1">
            <div className="flex items-baseline justify-between gap-x-3">
              <div className="min-w-0 font-medium text-ink text-sm [overflow-wrap:anywhere]">{item.title}</div>
              <div className="num shrink-0 text-ink-3 text-xs">{item.at}</div>
            </div>
            {item.body !== undefined && <div className="text-ink-2 text-xs [overflow-wrap:anywhere]">{item.body}</div>}
          </div>
        </li>
      ))}
    </ol>
  )
}
