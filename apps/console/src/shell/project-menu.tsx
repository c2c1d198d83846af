'use client'
import { cn } from '@modelyard/ui'
import { buttonClass } from '@modelyard/ui/button'
import { Menu, MenuItem } from '@modelyard/ui/menu'
import { Check, ChevronsUpDown } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { links } from '../links.ts'

/** Where one is, and the way to another project. */
export function ProjectMenu({ project, projects }: { project: string; projects: { slug: string; name: string }[] }) {
  const t = useTranslations('shell')
  const current = projects.find((item) => item.slug === project)
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className={cn(buttonClass({ variant: 'ghost' }), 'min-w-0 max-w-52 justify-between px-2 max-md:max-w-40')}
          aria-label={t('switchProject', { name: current?.name ?? project })}
        >
          <span className="truncate font-semibold text-ink">{current?.name ?? project}</span>
          <ChevronsUpDown aria-hidden className="text-ink-3" />
        </button>
      }
    >
      {projects.map((item) => (
        <MenuItem key={item.slug} asChild>
          <Link href={links.now(item.slug)} prefetch={false} className="justify-between">
            <span className="truncate">{item.name}</span>
            {item.slug === project && <Check aria-label={t('current')} />}
          </Link>
        </MenuItem>
      ))}
    </Menu>
  )
}
