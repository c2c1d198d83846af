import type { ReactNode } from 'react'

/** The page's only h1, its status beside it, its actions on the right. */
export function PageHeader({
  title,
  status,
  lead,
  actions,
}: {
  title: ReactNode
  status?: ReactNode
  lead?: ReactNode
  actions?: ReactNode
}) {
  return (
    <div className="mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="font-semibold text-ink text-xl tracking-tight [overflow-wrap:anywhere]">{title}</h1>
          {status}
        </div>
        {lead !== undefined && <div className="mt-0.5 text-ink-2 text-sm [overflow-wrap:anywhere]">{lead}</div>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  )
}
