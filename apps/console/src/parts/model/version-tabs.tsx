'use client'
import { NavTabs, tabClass } from '@modelyard/ui/nav-tabs'
import Link from 'next/link'
import { useSelectedLayoutSegment } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { links } from '../../links.ts'

/** The last part of each address; the overview has none. */
const PARTS = ['', 'eval', 'card', 'files', 'lineage'] as const

/** The pages of a version; the one that is open is marked for eyes and readers. */
export function VersionTabs({ project, model, version }: { project: string; model: string; version: number }) {
  const t = useTranslations('client.model')
  const open = useSelectedLayoutSegment() ?? ''
  const overview = links.model(project, model, version)
  return (
    <NavTabs label={t('parts')}>
      {PARTS.map((part) => (
        <Link
          key={part}
          href={part === '' ? overview : `${overview}/${part}`}
          prefetch={false}
          aria-current={part === open ? 'page' : undefined}
          className={tabClass(part === open)}
        >
          {t(`part.${part === '' ? 'overview' : part}`)}
        </Link>
      ))}
    </NavTabs>
  )
}
