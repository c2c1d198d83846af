'use client'
import type { RunsView } from '@modelyard/contracts'
import { Button, buttonClass } from '@modelyard/ui/button'
import { toast } from '@modelyard/ui/toast'
import { GitCompareArrows } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { links } from '../../links.ts'
import { BulkActions } from './bulk-actions.tsx'
import { MOST_CHANGED, type Selection } from './use-selection.ts'
import { MAX_SELECTED } from './view-params.ts'

type Props = {
  project: string
  mayWrite: boolean
  view: RunsView
  total: number
  selection: Selection
  onChanged: () => void
}

/** What is selected and what can be done with it; it lies over the table's end and moves no row. */
export function SelectionBar({ project, mayWrite, view, total, selection, onChanged }: Props) {
  const t = useTranslations('client.runs')
  const { ids, clear } = selection
  const count = ids.length
  if (count === 0) return null
  const done = () => {
    clear()
    onChanged()
  }
  return (
    <section
      aria-label={t('selection')}
      className="sticky bottom-2 z-10 mx-auto flex w-fit max-w-full flex-wrap items-center justify-center gap-2 rounded-lg border border-line-strong/60 bg-surface px-3 py-2 shadow-xl max-md:bottom-16"
    >
      <span className="num text-sm" aria-live="polite">
        {count > MAX_SELECTED ? t('selectedMost', { count, most: MAX_SELECTED }) : t('selected', { count })}
      </span>
      {total > count && count < MOST_CHANGED && <PickAll {...{ project, view, total, selection }} />}
      {count > 1 && count <= MAX_SELECTED && (
        <Link
          href={links.compare(project, [...ids])}
          prefetch={false}
          data-key="c"
          className={buttonClass({ variant: 'primary' })}
        >
          <GitCompareArrows aria-hidden />
          {t('compare')}
        </Link>
      )}
      {mayWrite && <BulkActions project={project} ids={ids} shown={view.shown} onDone={done} />}
      <Button variant="ghost" onClick={clear}>
        {t('clearSelection')}
      </Button>
    </section>
  )
}

function PickAll({ project, view, total, selection }: Pick<Props, 'project' | 'view' | 'total' | 'selection'>) {
  const t = useTranslations('client.runs')
  const [busy, setBusy] = useState(false)
  const pick = async () => {
    setBusy(true)
    try {
      await selection.pickAll(project, view)
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button variant="ghost" disabled={busy} onClick={() => void pick()}>
      {total > MOST_CHANGED ? t('pickFirst', { count: MOST_CHANGED, total }) : t('pickAll', { count: total })}
    </Button>
  )
}
