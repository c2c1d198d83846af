import type { Attempt, Job } from '@modelyard/contracts'
import type { Tone } from '@modelyard/ui'
import { Timeline } from '@modelyard/ui/timeline'
import { useTranslations } from 'next-intl'
import type { z } from 'zod'
import { useFormat } from '../../format/use-format.ts'
import { StatePill } from '../state-pill.tsx'
import { Clock } from '../when.tsx'

const tones: Record<z.infer<typeof Attempt>['state'], Tone> = {
  offered: 'info',
  running: 'active',
  suspect: 'warn',
  stopping: 'warn',
  succeeded: 'ok',
  failed: 'crit',
  canceled: 'neutral',
  preempted: 'warn',
  lost: 'crit',
  rejected: 'warn',
}

const endTones: Record<Job['state'], Tone> = {
  queued: 'neutral',
  active: 'active',
  succeeded: 'ok',
  failed: 'crit',
  canceled: 'neutral',
}

/** The job's life: queued, then each try on its runner, and why it ended. */
export function AttemptTimeline({ job }: { job: Job }) {
  const t = useTranslations('client.job')
  const items = job.attemptList
    .toSorted((a, b) => b.number - a.number)
    .map((attempt) => ({
      key: attempt.id,
      at: <Clock at={attempt.endedAt ?? attempt.startedAt ?? attempt.offeredAt} />,
      tone: tones[attempt.state],
      title: (
        <span className="flex flex-wrap items-center gap-x-2">
          {t('attempt', { number: attempt.number, runner: attempt.runner.name })}
          <StatePill noun="attempt" state={attempt.state} quiet />
        </span>
      ),
      body: <AttemptBody attempt={attempt} />,
    }))
  const queued = { key: 'queued', at: <Clock at={job.createdAt} />, tone: 'neutral' as const, title: t('queued') }
  const ended =
    job.endedAt === null
      ? []
      : [
          {
            key: 'ended',
            at: <Clock at={job.endedAt} />,
            tone: endTones[job.state],
            title: <StatePill noun="job" state={job.state} quiet />,
          },
        ]
  return <Timeline label={t('attempts')} items={[...ended, ...items, queued]} />
}

function AttemptBody({ attempt }: { attempt: z.infer<typeof Attempt> }) {
  const t = useTranslations('client.job')
  const format = useFormat()
  const facts = [
    attempt.startedAt !== null && attempt.endedAt !== null
      ? format.between(attempt.startedAt, attempt.endedAt, 0)
      : null,
    attempt.exitCode === null ? null : t('exit', { code: attempt.exitCode }),
    attempt.failClass === null ? null : t(`fail.${attempt.failClass}`),
    t('logSize', { size: format.bytes(attempt.logBytes) }),
  ].filter((fact) => fact !== null)
  return (
    <>
      <span className="num">{facts.join(' · ')}</span>
      {attempt.reason !== null && <span className="block text-ink">{attempt.reason}</span>}
    </>
  )
}
