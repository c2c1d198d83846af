'use client'
import type { ComparedRun } from '@modelyard/contracts'
import { dashArray, seriesLook, strokeClass } from '@modelyard/ui'
import { X } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { links } from '../../links.ts'
import { textLink } from '../facts.tsx'
import { StatePill } from '../state-pill.tsx'
import type { CompareAddress } from './use-compare-address.ts'

/** The line that stands for a run in every picture, with its number for those who cannot tell the colours. */
export function RunMark({ index }: { index: number }) {
  const look = seriesLook(index)
  return (
    <span className="inline-flex shrink-0 items-center gap-1">
      <span className="num text-2xs text-ink-3">{index + 1}</span>
      <svg aria-hidden width="16" height="6" viewBox="0 0 16 6">
        <line
          x1="0"
          x2="16"
          y1="3"
          y2="3"
          strokeWidth="3"
          strokeDasharray={dashArray(look)}
          className={strokeClass(look)}
        />
      </svg>
    </span>
  )
}

type Props = { project: string; runs: ComparedRun[]; address: CompareAddress }

/** Who is compared, from whom the distance is measured, and who may leave. */
export function RunHeads({ project, runs, address }: Props) {
  const t = useTranslations('client.compare')
  return (
    <ol aria-label={t('runs')} className="flex flex-wrap gap-2">
      {runs.map((run, index) => (
        <li
          key={run.id}
          className="flex min-w-0 max-w-full items-center gap-2 rounded-lg border border-line bg-surface px-3 py-1.5"
        >
          <RunMark index={index} />
          <Link
            href={links.run(project, run.id)}
            prefetch={false}
            className={`${textLink} max-w-56 truncate leading-6`}
          >
            {run.name}
          </Link>
          <StatePill noun="run" state={run.status} quiet />
          <label className="inline-flex min-h-6 cursor-pointer items-center gap-1 text-ink-2 text-xs">
            <input
              type="radio"
              name="baseline"
              className="size-3.5 accent-accent"
              checked={index === address.baseline}
              onChange={() => address.setBaseline(run.id)}
            />
            {t('baseline')}
          </label>
          {runs.length > 2 && (
            <Link
              href={links.compare(
                project,
                runs.filter(({ id }) => id !== run.id).map(({ id }) => id),
              )}
              prefetch={false}
              aria-label={t('remove', { name: run.name })}
              className="grid size-6 place-items-center rounded text-ink-3 hover:bg-raised hover:text-ink"
            >
              <X aria-hidden className="size-3.5" />
            </Link>
          )}
        </li>
      ))}
    </ol>
  )
}
