import type { ModelComparison } from '@modelyard/contracts'
import { cn } from '@modelyard/ui'
import { Td, Th } from '@modelyard/ui/table'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { links } from '../../links.ts'
import { textLink } from '../facts.tsx'
import { Aliases } from '../model/aliases.tsx'
import { StatePill } from '../state-pill.tsx'

/** The first column stays in sight while the others scroll. */
export const firstColumn = 'sticky left-0 z-10 min-w-28 max-w-40 bg-surface md:max-w-none'

type Props = { project: string; data: ModelComparison; hrefOfBaseline?: (version: number) => string }

/** The heads of the columns: one version each, with a way to make it the baseline. */
export function VersionHeads({ project, data, hrefOfBaseline, what }: Props & { what: string }) {
  const t = useTranslations('modelCompare')
  return (
    <>
      <Th className={firstColumn}>{what}</Th>
      {data.versions.map((version, column) => (
        <Th key={version.id} className="min-w-36 align-top">
          <span className="flex flex-col items-start gap-1">
            <span className="flex flex-wrap items-center gap-1.5">
              <Link
                href={links.model(project, version.model, version.version)}
                prefetch={false}
                className={cn(textLink, 'text-sm')}
              >
                v{version.version}
              </Link>
              <StatePill noun="stage" state={version.stage} quiet />
            </span>
            <Aliases names={version.aliases} />
            {column === data.baseline ? (
              <span className="font-semibold text-ink-2">{t('baseline')}</span>
            ) : (
              hrefOfBaseline !== undefined && (
                <Link href={hrefOfBaseline(version.version)} prefetch={false} className={cn(textLink, 'font-normal')}>
                  {t('makeBaseline')}
                </Link>
              )
            )}
          </span>
        </Th>
      ))}
    </>
  )
}

/** A line across the table that names the rows below it. */
export function GroupRow({ columns, children }: { columns: number; children: ReactNode }) {
  return (
    <tr>
      <th scope="rowgroup" colSpan={columns} className="border-line border-b bg-raised px-4 py-1.5 text-left text-xs">
        <span className="sticky left-4">{children}</span>
      </th>
    </tr>
  )
}

/** A fact as text in every column; what differs from the baseline is marked by weight, which needs no colour. */
export function FactRow({ name, values, baseline }: { name: ReactNode; values: (string | null)[]; baseline: number }) {
  return (
    <tr>
      <Td className={cn(firstColumn, 'text-ink-2')}>{name}</Td>
      {values.map((value, column) => (
        <Td
          // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
          key={column}
          className={cn(
            'mono min-w-36 max-w-72 align-top text-xs [overflow-wrap:anywhere]',
            value !== values[baseline] && 'bg-warn-soft font-semibold text-ink',
          )}
        >
          <span className="line-clamp-4">{value ?? '–'}</span>
        </Td>
      ))}
    </tr>
  )
}
