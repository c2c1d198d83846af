import type { Approval } from '@modelyard/contracts'
import { useTranslations } from 'next-intl'
import type { z } from 'zod'
import { Actor } from '../actor.tsx'
import { Hash } from '../facts.tsx'
import { StatePill } from '../state-pill.tsx'
import { When } from '../when.tsx'

/** Who asked, who decided, over which bytes. */
export function ApprovalList({ approvals }: { approvals: z.infer<typeof Approval>[] }) {
  const t = useTranslations('client.model')
  if (approvals.length === 0) return <p className="text-ink-3 text-sm">{t('noApprovals')}</p>
  return (
    <ul className="flex flex-col gap-3">
      {approvals.map((approval) => (
        <li key={approval.id} className="text-sm">
          <StatePill noun="approval" state={approval.state} />
          <p className="mt-1 text-ink-2 text-xs">
            {t('askedBy')} <Actor actor={approval.requestedBy} /> <When at={approval.requestedAt} />
          </p>
          {approval.decidedBy !== null && approval.decidedAt !== null && (
            <p className="text-ink-2 text-xs">
              {t('decidedBy')} <Actor actor={approval.decidedBy} /> <When at={approval.decidedAt} />
            </p>
          )}
          {approval.comment !== '' && <p className="mt-1 text-ink [overflow-wrap:anywhere]">{approval.comment}</p>}
          <p className="text-ink-3 text-xs">
            {t('digest')} <Hash value={approval.digest} />
          </p>
        </li>
      ))}
    </ul>
  )
}
