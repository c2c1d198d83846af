'use client'
import { AlertTriangle, Inbox } from 'lucide-react'
import type { ReactNode } from 'react'

/** What is missing and what to do about it; `command` is something to paste into a terminal. */
export function EmptyState({
  title,
  body,
  command,
  action,
}: {
  title: string
  body?: ReactNode
  command?: string
  action?: ReactNode
}) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-10 text-center">
      <Inbox aria-hidden className="size-6 text-ink-3" strokeWidth={1.5} />
      <p className="font-medium text-ink text-sm">{title}</p>
      {body !== undefined && <p className="max-w-[52ch] text-ink-2 text-sm">{body}</p>}
      {command !== undefined && (
        <code className="mono mt-1 block max-w-full overflow-x-auto rounded-md border border-line bg-raised px-3 py-2 text-left">
          {command}
        </code>
      )}
      {action !== undefined && <div className="mt-2">{action}</div>}
    </div>
  )
}

/** A failure in plain words, with the reference a person can quote and the way on. */
export function ErrorCard({
  title,
  body,
  reference,
  action,
}: {
  title: string
  body?: ReactNode
  reference?: string
  action?: ReactNode
}) {
  return (
    <div role="alert" className="flex gap-3 rounded-lg border border-crit/40 bg-crit-soft px-4 py-3">
      <AlertTriangle aria-hidden className="mt-0.5 size-4 shrink-0 text-crit" />
      <div className="min-w-0 flex-1">
        <p className="font-medium text-crit text-sm">{title}</p>
        {body !== undefined && <p className="mt-0.5 text-ink text-sm [overflow-wrap:anywhere]">{body}</p>}
        {reference !== undefined && <p className="mono mt-1 text-ink-2 text-xs">{reference}</p>}
        {action !== undefined && <div className="mt-2">{action}</div>}
      </div>
    </div>
  )
}
