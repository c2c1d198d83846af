import type { Board } from '@modelyard/contracts'
import { Meter } from '@modelyard/ui/split-bar'
import { StatusPill } from '@modelyard/ui/status-pill'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { links } from '../../links.ts'
import { textLink } from '../facts.tsx'
import { When } from '../when.tsx'

/** What only a person, or a missing machine, can move. */
export function Waiting({ project, board }: { project: string; board: Board }) {
  const t = useTranslations('now')
  const { approvals, pausedRollouts, queuedJobs } = board.waiting
  if (approvals.length + pausedRollouts.length + queuedJobs.length === 0) {
    return <StatusPill tone="ok" label={t('nothingWaits')} quiet />
  }
  return (
    <ul className="flex flex-col gap-2 text-sm">
      {approvals.map((approval) => (
        <li key={approval.approvalId}>
          <Link href={links.model(project, approval.model, approval.version)} prefetch={false} className={textLink}>
            {t('approval', { model: approval.model, version: approval.version })}
          </Link>{' '}
          <span className="text-ink-3 text-xs">
            <When at={approval.requestedAt} />
          </span>
        </li>
      ))}
      {pausedRollouts.map((id) => (
        <li key={id}>
          <Link href={links.go(project, id)} prefetch={false} className={textLink}>
            {t('pausedRollout')}
          </Link>
        </li>
      ))}
      {queuedJobs.map((job) => (
        <li key={job.jobId}>
          <Link href={links.job(project, job.jobId)} prefetch={false} className={textLink}>
            {job.name}
          </Link>{' '}
          <span className="text-ink-3 text-xs">
            <When at={job.since} />
          </span>
          <span className="block text-warn text-xs">{job.why}</span>
        </li>
      ))}
    </ul>
  )
}

export function RunnerLine({ project, runners }: { project: string; runners: Board['runners'] }) {
  const t = useTranslations('now')
  const label = t('runnersOnline', { online: runners.online, total: runners.total })
  return (
    <Link href={links.jobs(project)} prefetch={false} className="block">
      <span className="num mb-1.5 block text-sm">{label}</span>
      <Meter
        value={runners.total === 0 ? 0 : runners.online / runners.total}
        label={label}
        tone={runners.online < runners.total ? 'warn' : 'ok'}
      />
    </Link>
  )
}
