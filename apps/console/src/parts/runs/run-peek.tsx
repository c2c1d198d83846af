'use client'
import type { ChartSeries as Curve, RunPage } from '@modelyard/contracts'
import { Button, buttonClass } from '@modelyard/ui/button'
import { ErrorCard } from '@modelyard/ui/states'
import { ArrowDown, ArrowUp, X } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { useFormat } from '../../format/use-format.ts'
import { links } from '../../links.ts'
import { api } from '../../live/client.ts'
import { ParamTable } from '../facts.tsx'
import { RunCharts } from '../run/run-charts.tsx'
import { RunTags } from '../run/run-tags.tsx'
import { StatePill } from '../state-pill.tsx'
import { When } from '../when.tsx'
import { faultOf } from './fault.ts'

type Props = {
  project: string
  runId: string
  /** Its neighbours among the loaded rows. */
  before: string | null
  after: string | null
  onPeek: (runId: string) => void
  onClose: () => void
}
type Found = { run: RunPage; curves: Curve[] } | { fault: string } | null

function useRun(project: string, runId: string): Found {
  const [found, setFound] = useState<{ of: string; is: Found }>({ of: runId, is: null })
  useEffect(() => {
    let stopped = false
    const read = async (): Promise<Found> => {
      const asked = { project, runId }
      try {
        const [run, curves] = await Promise.all([api.run.read.query(asked), api.runs.series.query(asked)])
        return { run, curves }
      } catch (error) {
        return { fault: faultOf(error).message }
      }
    }
    void read().then((is) => !stopped && setFound({ of: runId, is }))
    return () => {
      stopped = true
    }
  }, [project, runId])
  return found.of === runId ? found.is : null
}

/** A look at one run beside the table, which stays in use: the keys that move its rows move this along. */
export function RunPeek(props: Props) {
  const { project, runId, onClose } = props
  const t = useTranslations('client.runs')
  const found = useRun(project, runId)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && document.querySelector('dialog[open]') === null) onClose()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [onClose])
  return (
    <aside
      aria-label={t('peek.title')}
      aria-busy={found === null}
      className="fixed right-0 bottom-0 z-40 flex w-full flex-col border-line border-l bg-surface shadow-2xl max-md:max-h-[75dvh] max-md:rounded-t-xl max-md:border-t max-md:pb-[env(safe-area-inset-bottom)] md:top-12 md:w-[28rem]"
    >
      <Bar {...props} name={found !== null && 'run' in found ? found.run.name : null} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a mouse */}
      <section tabIndex={0} aria-label={t('peek.title')} className="min-h-0 flex-1 overflow-y-auto px-4 py-3">
        {found === null && <p className="py-8 text-center text-ink-3 text-sm">{t('loading')}</p>}
        {found !== null && 'fault' in found && <ErrorCard title={t('faultTitle')} body={found.fault} />}
        {found !== null && 'run' in found && <Look key={runId} project={project} {...found} />}
      </section>
    </aside>
  )
}

function Bar({ project, runId, before, after, onPeek, onClose, name }: Props & { name: string | null }) {
  const t = useTranslations('client.runs')
  const neighbours = [
    { key: 'before', id: before, Icon: ArrowUp },
    { key: 'after', id: after, Icon: ArrowDown },
  ] as const
  return (
    <header className="flex min-w-0 items-center gap-1 border-line border-b px-4 py-2">
      <h2 className="min-w-0 flex-1 truncate font-semibold text-sm" title={name ?? undefined}>
        {name ?? '…'}
      </h2>
      {neighbours.map(({ key, id, Icon }) => (
        <Button
          key={key}
          variant="ghost"
          size="icon"
          aria-label={t(`peek.${key}`)}
          disabled={id === null}
          onClick={() => id !== null && onPeek(id)}
        >
          <Icon aria-hidden />
        </Button>
      ))}
      <Link href={links.run(project, runId)} prefetch={false} className={buttonClass({ variant: 'primary' })}>
        {t('peek.open')}
      </Link>
      <Button variant="ghost" size="icon" aria-label={t('peek.close')} onClick={onClose}>
        <X aria-hidden />
      </Button>
    </header>
  )
}

function Look({ project, run, curves }: { project: string; run: RunPage; curves: Curve[] }) {
  const t = useTranslations('client.run')
  const format = useFormat()
  const live = run.status === 'running' || run.status === 'scheduled'
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-2 text-sm">
        <StatePill noun="run" state={run.status} />
        <span>{run.experiment.name}</span>
        <When at={run.startedAt ?? run.createdAt} />
        {run.endedAt !== null && <span className="num">{format.between(run.startedAt, run.endedAt, 0)}</span>}
      </p>
      <section aria-label={t('metrics')}>
        <RunCharts {...{ project, live }} runId={run.id} initial={curves} startedAt={run.startedAt} narrow />
      </section>
      <section aria-label={t('params')} className="rounded-lg border border-line">
        <ParamTable params={run.params} caption={t('params')} />
      </section>
      <section aria-label={t('tags')}>
        <h3 className="mb-1 text-ink-3 text-xs">{t('tags')}</h3>
        <RunTags project={project} runId={run.id} tags={run.tags} mayWrite={false} />
      </section>
    </div>
  )
}
