'use client'
import type { ModelSummary } from '@modelyard/contracts'
import { type DataColumn, DataTable } from '@modelyard/ui/data-table'
import { EmptyState } from '@modelyard/ui/states'
import { Tag } from '@modelyard/ui/status-pill'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import type { Format } from '../../format/format.ts'
import { useFormat } from '../../format/use-format.ts'
import { links } from '../../links.ts'
import { rowLink } from '../facts.tsx'
import { StatePill } from '../state-pill.tsx'
import { useTableView } from '../use-table-view.ts'
import { When } from '../when.tsx'

/** What a training script says; the name of the model is its own. */
const REGISTER = `mlflow.register_model("runs:/<run id>/model", "<model>")`

/** A model with the endpoints that serve any version of it. */
export type ListedModel = ModelSummary & {
  liveOn: { endpoint: string; version: number; role: 'stable' | 'canary' }[]
}
type Words = ReturnType<typeof useTranslations<'client.model'>>

/** A list shows as many as a line takes; the model's page shows all. */
const SHOWN = 4

function Chips({ names, tone }: { names: string[]; tone?: 'active' }) {
  if (names.length === 0) return <span className="text-ink-3">–</span>
  return (
    <span className="flex flex-wrap gap-1">
      {names.slice(0, SHOWN).map((name) => (
        <Tag key={name} mono tone={tone}>
          <span className="max-w-40 truncate">{name}</span>
        </Tag>
      ))}
      {names.length > SHOWN && <span className="text-ink-3 text-xs">+{names.length - SHOWN}</span>}
    </span>
  )
}

function identity(project: string, t: Words, format: Format): DataColumn<ListedModel>[] {
  return [
    {
      key: 'model',
      header: t('model'),
      value: (row) => `${row.name} ${row.id}`,
      cell: (row) => (
        <>
          <Link
            href={links.modelPage(project, row.name)}
            prefetch={false}
            className={`${rowLink} [overflow-wrap:anywhere]`}
          >
            {row.name}
          </Link>
          {row.description !== '' && (
            <span className="mt-0.5 line-clamp-1 max-w-[48ch] text-ink-3 text-xs max-md:hidden">{row.description}</span>
          )}
        </>
      ),
    },
    {
      key: 'newest',
      header: t('newest'),
      ranked: true,
      value: (row) => row.latest?.version ?? null,
      cell: ({ latest }) =>
        latest === null ? (
          '–'
        ) : (
          <span className="inline-flex flex-wrap items-center gap-x-2">
            <span className="mono">v{latest.version}</span> <StatePill noun="stage" state={latest.stage} quiet />
          </span>
        ),
    },
    {
      key: 'versions',
      header: t('versions'),
      numeric: true,
      wideOnly: true,
      value: (row) => row.versions,
      cell: (row) => format.number(row.versions),
    },
  ]
}

function labels(t: Words, role: ReturnType<typeof useTranslations<'client.role'>>): DataColumn<ListedModel>[] {
  return [
    {
      key: 'aliases',
      header: t('aliases'),
      value: (row) => row.aliases.map(({ alias, version }) => `@${alias} v${version}`).join(' '),
      cell: (row) => <Chips names={row.aliases.map(({ alias, version }) => `@${alias} v${version}`)} tone="active" />,
    },
    {
      key: 'live',
      header: t('liveOn'),
      wideOnly: true,
      value: (row) => row.liveOn.map(({ endpoint }) => endpoint).join(' '),
      cell: (row) =>
        row.liveOn.length === 0 ? (
          <span className="text-ink-3">–</span>
        ) : (
          <span className="flex flex-wrap gap-1">
            {row.liveOn.map((place) => (
              <Tag key={`${place.endpoint}:${place.role}`} tone={place.role === 'stable' ? 'ok' : 'active'}>
                <span className="whitespace-nowrap">
                  {place.endpoint} v{place.version} · {role(place.role)}
                </span>
              </Tag>
            ))}
          </span>
        ),
    },
    {
      key: 'tags',
      header: t('tags'),
      wideOnly: true,
      value: (row) => row.tags.map(({ key, value }) => `${key}=${value}`).join(' '),
      cell: (row) => <Chips names={row.tags.map(({ key, value }) => (value === '' ? key : `${key}=${value}`))} />,
    },
    {
      key: 'updated',
      header: t('updated'),
      wideOnly: true,
      value: (row) => row.updatedAt,
      cell: (row) => <When at={row.updatedAt} />,
    },
  ]
}

/** Every model with its newest version, its aliases and where it serves. */
export function ModelList({ project, rows }: { project: string; rows: ListedModel[] }) {
  const t = useTranslations('client.model')
  const role = useTranslations('client.role')
  const format = useFormat()
  const table = useTableView('-updated')
  const columns = useMemo(() => [...identity(project, t, format), ...labels(t, role)], [project, t, role, format])
  return (
    <DataTable
      caption={t('models')}
      rows={rows}
      columns={columns}
      rowKey={(row) => row.id}
      {...table}
      empty={<EmptyState title={t('empty.title')} body={t('empty.body')} command={REGISTER} />}
    />
  )
}
