import { cn } from '@modelyard/ui'
import { CopyButton } from '@modelyard/ui/copy-button'
import { Tag } from '@modelyard/ui/status-pill'
import { Table, Td, Th } from '@modelyard/ui/table'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { short } from '../format/format.ts'
import { hasPage, links } from '../links.ts'

/** A hash or id, shortened, with the whole of it to copy. */
export function Hash({ value, length = 12 }: { value: string; length?: number }) {
  const t = useTranslations('client.common')
  return (
    <span className="inline-flex items-center gap-0.5 align-bottom">
      <code className="mono" title={value}>
        {short(value, length)}
      </code>
      <CopyButton text={value} label={t('copy')} copiedLabel={t('copied')} />
    </span>
  )
}

/** The kind and the last characters: ids begin with the time, so their ends tell them apart. */
function compact(id: string): string {
  const [kind, rest] = id.split('_')
  return rest === undefined || rest.length < 12 ? id : `${kind}_…${rest.slice(-8)}`
}

/** An id, shortened, that leads to its page where there is one. */
export function IdLink({ project, id, label }: { project: string; id: string; label?: string }) {
  if (!hasPage(id)) return <span title={id}>{label ?? compact(id)}</span>
  return (
    <Link
      href={links.go(project, id)}
      prefetch={false}
      title={id}
      className={cn(textLink, label === undefined && 'mono', 'inline-block min-h-6 leading-6')}
    >
      {label ?? compact(id)}
    </Link>
  )
}

/** An id to copy. */
export function Id({ id }: { id: string }) {
  const t = useTranslations('client.common')
  return (
    <span className="inline-flex items-center gap-0.5 align-bottom">
      <code className="mono" title={id}>
        {compact(id)}
      </code>
      <CopyButton text={id} label={t('copy')} copiedLabel={t('copied')} />
    </span>
  )
}

export const textLink = 'text-accent underline-offset-2 hover:underline'
/** The link that makes a whole table row pressable. */
export const rowLink = 'font-medium text-ink after:absolute after:inset-0 hover:text-accent'

/** Parameters or labels as name and value. */
export function ParamTable({
  params,
  caption,
}: {
  params: Record<string, string | number | boolean>
  caption: string
}) {
  const t = useTranslations('client.common')
  const entries = Object.entries(params).toSorted(([a], [b]) => a.localeCompare(b))
  if (entries.length === 0) return <p className="px-4 py-3 text-ink-3 text-sm">{t('noParams')}</p>
  return (
    <Table
      caption={caption}
      head={
        <>
          <Th>{t('name')}</Th>
          <Th>{t('value')}</Th>
        </>
      }
    >
      {entries.map(([name, value]) => (
        <tr key={name}>
          <Td className="mono">{name}</Td>
          <Td className="mono [overflow-wrap:anywhere]">{String(value)}</Td>
        </tr>
      ))}
    </Table>
  )
}

export function Tags({ names }: { names: string[] }) {
  return (
    <span className="flex flex-wrap gap-1">
      {names.map((name) => (
        <Tag key={name} mono>
          {name}
        </Tag>
      ))}
    </span>
  )
}
