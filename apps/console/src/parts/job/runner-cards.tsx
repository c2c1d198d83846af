import type { RunnerCard } from '@modelyard/contracts'
import { Meter } from '@modelyard/ui/split-bar'
import { EmptyState } from '@modelyard/ui/states'
import { Tag } from '@modelyard/ui/status-pill'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { short } from '../../format/format.ts'
import { useFormat } from '../../format/use-format.ts'
import { links } from '../../links.ts'
import { Tags, textLink } from '../facts.tsx'
import { StatePill } from '../state-pill.tsx'
import { When } from '../when.tsx'

/** Machines that train: heard from when, what they have, what they do. */
export function RunnerCards({ project, runners }: { project: string; runners: RunnerCard[] }) {
  const t = useTranslations('client.runner')
  if (runners.length === 0) return <EmptyState title={t('empty.title')} body={t('empty.body')} />
  return (
    <ul className="grid gap-3 p-3 md:grid-cols-2 xl:grid-cols-3">
      {runners.map((runner) => (
        <li key={runner.id}>
          <Runner project={project} runner={runner} />
        </li>
      ))}
    </ul>
  )
}

function Runner({ project, runner }: { project: string; runner: RunnerCard }) {
  const t = useTranslations('client.runner')
  const format = useFormat()
  return (
    <article className="h-full rounded-md border border-line px-3 py-2.5">
      <header className="flex items-center justify-between gap-2">
        <h3 className="truncate font-semibold text-sm">{runner.name}</h3>
        <StatePill noun="runner" state={runner.state} quiet />
      </header>
      <p className="mt-0.5 text-ink-3 text-xs">
        {t('machine', { cpus: runner.cpus, memory: format.bytes(runner.memoryMb * 1_000_000) })} ·{' '}
        <span className="mono" title={runner.version}>
          {short(runner.version)}
        </span>
      </p>
      <p className="text-ink-3 text-xs">
        {t('heard')} {runner.lastSeenAt === null ? t('never') : <When at={runner.lastSeenAt} />}
      </p>
      <div className="mt-2 flex items-center gap-2 text-xs">
        <Meter
          value={runner.slots === 0 ? 0 : runner.jobs.length / runner.slots}
          label={t('slots', { used: runner.jobs.length, slots: runner.slots })}
        />
        <span className="num shrink-0 text-ink-2">{t('slots', { used: runner.jobs.length, slots: runner.slots })}</span>
      </div>
      {runner.devices.length > 0 && (
        <ul className="mt-2 flex flex-wrap gap-1">
          {runner.devices.map((device) => (
            <li key={device.index}>
              <Tag tone={device.health === 'ok' ? (device.attemptId === null ? 'neutral' : 'active') : 'warn'}>
                {device.model} {device.memoryMb > 0 && format.bytes(device.memoryMb * 1_000_000)}
              </Tag>
            </li>
          ))}
        </ul>
      )}
      {runner.labels.length > 0 && (
        <div className="mt-2">
          <Tags names={runner.labels} />
        </div>
      )}
      {runner.jobs.length > 0 && (
        <ul className="mt-2 border-line border-t pt-2 text-xs">
          {runner.jobs.map((job) => (
            <li key={job.jobId}>
              <Link href={links.job(project, job.jobId)} prefetch={false} className={textLink}>
                {job.name}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </article>
  )
}
