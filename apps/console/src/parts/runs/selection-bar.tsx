'use client'
import { Button, buttonClass } from '@modelyard/ui/button'
import { GitCompareArrows } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { links } from '../../links.ts'

const MOST = 20

/** What is selected and what can be done with it; it lies over the table's end and moves no row. */
export function SelectionBar({
  project,
  selected,
  onClear,
}: {
  project: string
  selected: string[]
  onClear: () => void
}) {
  const t = useTranslations('client.runs')
  if (selected.length === 0) return null
  return (
    <div className="sticky bottom-2 z-10 mx-auto flex w-fit max-w-full flex-wrap items-center justify-center gap-2 rounded-lg border border-line-strong/60 bg-surface px-3 py-2 shadow-xl max-md:bottom-16">
      <span className="num text-sm" aria-live="polite">
        {selected.length >= MOST
          ? t('selectedMost', { count: selected.length })
          : t('selected', { count: selected.length })}
      </span>
      {selected.length > 1 && (
        <Link
          href={links.compare(project, selected)}
          prefetch={false}
          data-key="c"
          className={buttonClass({ variant: 'primary' })}
        >
          <GitCompareArrows aria-hidden />
          {t('compare')}
        </Link>
      )}
      <Button variant="ghost" onClick={onClear}>
        {t('clearSelection')}
      </Button>
    </div>
  )
}
