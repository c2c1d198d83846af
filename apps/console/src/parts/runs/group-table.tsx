'use client'
import type { RunGroup, RunsView } from '@modelyard/contracts'
import { ErrorCard } from '@modelyard/ui/states'
import { Table, Td, Th } from '@modelyard/ui/table'
import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { useFormat } from '../../format/use-format.ts'
import { api } from '../../live/client.ts'
import { condition, partsOf } from './columns.ts'
import { type Fault, faultOf } from './fault.ts'
import { questionOf } from './view-params.ts'

type Props = { project: string; view: RunsView; metric: string; onNarrow: (filter: string) => void }
type Asked = Parameters<typeof api.runs.group.query>[0]
type Found = { groups: RunGroup[] } | { fault: Fault } | null

function useGroups({ project, view, metric }: Props): Found {
  const [found, setFound] = useState<Found>(null)
  const asked = JSON.stringify({
    ...questionOf(project, view),
    by: view.group,
    ...(metric === '' ? {} : { metric }),
  })
  useEffect(() => {
    let stopped = false
    const read = async () => {
      const next = await api.runs.group.query(JSON.parse(asked) as Asked).then(
        (groups): Found => ({ groups }),
        (error: unknown): Found => ({ fault: faultOf(error) }),
      )
      if (!stopped) setFound(next)
    }
    void read()
    return () => {
      stopped = true
    }
  }, [asked])
  return found
}

/** The runs by one of their keys; a group's name leads to its runs. */
export function GroupTable(props: Props) {
  const t = useTranslations('client.runs')
  const found = useGroups(props)
  const { view, metric } = props
  if (found === null) return <p className="px-4 py-8 text-center text-ink-3 text-sm">{t('loading')}</p>
  if ('fault' in found) return <ErrorCard title={t('faultTitle')} body={found.fault.message} />
  const { key } = partsOf(view.group)
  return (
    <Table
      caption={t('groupedBy', { key })}
      head={
        <>
          <Th>{key}</Th>
          <Th numeric>{t('runsCount')}</Th>
          <Th numeric>{t('failed')}</Th>
          {metric !== '' && (
            <>
              <Th numeric>{t('mean', { metric })}</Th>
              <Th numeric>{t('min')}</Th>
              <Th numeric>{t('max')}</Th>
            </>
          )}
        </>
      }
    >
      {found.groups.map((group) => (
        <GroupRow key={group.value ?? '\0'} group={group} {...props} />
      ))}
    </Table>
  )
}

function GroupRow({ group, view, metric, onNarrow }: Props & { group: RunGroup }) {
  const t = useTranslations('client.runs')
  const format = useFormat()
  const filter = condition(view.group, group.value)
  const name = group.value ?? t('none')
  return (
    <tr>
      <Td className="max-w-80">
        {filter === null ? (
          <span className="block truncate">{name}</span>
        ) : (
          <button
            type="button"
            title={name}
            className="min-h-6 max-w-full truncate text-left text-accent hover:underline"
            onClick={() => onNarrow(view.q === '' ? filter : `${view.q} AND ${filter}`)}
          >
            {name}
          </button>
        )}
      </Td>
      <Td numeric>{format.number(group.runs)}</Td>
      <Td numeric>{format.number(group.failed)}</Td>
      {metric !== '' && (
        <>
          <Td numeric>{format.metric(group.mean)}</Td>
          <Td numeric>{format.metric(group.min)}</Td>
          <Td numeric>{format.metric(group.max)}</Td>
        </>
      )}
    </tr>
  )
}
