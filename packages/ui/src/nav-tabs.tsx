import type { ReactNode } from 'react'
import { cn } from './cn.ts'

/** The frame of link tabs; the caller brings its router's links, marked with `tabClass`. */
export function NavTabs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className="mb-4 flex gap-1 overflow-x-auto border-line border-b">
      {children}
    </nav>
  )
}

export function tabClass(current: boolean): string {
  return cn(
    '-mb-px inline-flex min-h-9 items-center whitespace-nowrap border-b-2 px-3 text-sm max-md:min-h-11',
    current ? 'border-accent font-medium text-ink' : 'border-transparent text-ink-2 hover:text-ink',
  )
}
