'use client'
import type { ComparedRun } from '@modelyard/contracts'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { RunMark } from './run-heads.tsx'

type Props = {
  caption: string
  runs: ComparedRun[]
  baseline: number
  /** Ids of those that have a column. */
  shown: ReadonlySet<string>
  corner: string
  children: ReactNode
}

/** A table with a column a run; its first column stays while the others scroll. */
export function RunColumns({ caption, runs, baseline, shown, corner, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a mouse
    <section tabIndex={0} aria-label={caption} className="relative max-h-[70dvh] max-w-full overflow-auto">
      <table className="w-full border-separate border-spacing-0 text-left text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            <th
              scope="col"
              className="sticky top-0 left-0 z-[3] border-line border-b bg-surface px-4 py-2 font-medium text-ink-3 text-xs"
            >
              {corner}
            </th>
            {runs.map((run, index) =>
              shown.has(run.id) ? <Head key={run.id} {...{ run, index }} isBaseline={index === baseline} /> : null,
            )}
          </tr>
        </thead>
        {children}
      </table>
    </section>
  )
}

function Head({ run, index, isBaseline }: { run: ComparedRun; index: number; isBaseline: boolean }) {
  const t = useTranslations('client.compare')
  return (
    <th
      scope="col"
      className="sticky top-0 z-[2] min-w-32 max-w-60 border-line border-b bg-surface px-3 py-2 font-medium text-xs"
      title={run.name}
    >
      <span className="flex items-center gap-1.5">
        <RunMark index={index} />
        <span className="truncate">{run.name}</span>
      </span>
      {isBaseline && <span className="block font-normal text-2xs text-ink-3">{t('baseline')}</span>}
    </th>
  )
}
