'use client'
import type { RunExperiment, RunKeys, RunRow, SavedView } from '@modelyard/contracts'
import { EmptyState, ErrorCard } from '@modelyard/ui/states'
import { VirtualTable } from '@modelyard/ui/virtual-table'
import { useTranslations } from 'next-intl'
import { useCallback, useMemo } from 'react'
import { useFormat } from '../../format/use-format.ts'
import { standingColumns } from './columns.ts'
import { FilterField } from './filter-field.tsx'
import { GroupTable } from './group-table.tsx'
import { runColumns, spansOf } from './run-cells.tsx'
import { RunPeek } from './run-peek.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { StateLine } from './state-line.tsx'
import { Toolbar } from './toolbar.tsx'
import { useColumnName } from './use-column-name.ts'
import { type RunPages, useRunRows } from './use-run-rows.ts'
import { useRunsAddress } from './use-runs-address.ts'
import { type Selection, useSelection } from './use-selection.ts'

export type RunBrowserProps = {
  project: string
  mayWrite: boolean
  /** Null where the first question was refused. */
  initial: RunPages | null
  keys: RunKeys
  views: SavedView[]
  experiments: RunExperiment[]
}

/** The project's runs: any number of them, by filter, order, columns and groups, all of it in the address. */
export function RunBrowser(props: RunBrowserProps) {
  const { project, keys } = props
  const t = useTranslations('client.runs')
  const { address, change } = useRunsAddress()
  const standing = useMemo(() => standingColumns(keys), [keys])
  const columns = address.columns.length > 0 ? address.columns : standing
  const selection = useSelection(address.selected, change)
  const runs = useRunRows({ project, view: address, columns, initial: props.initial })
  const metric = address.metric || keys.metrics[0]?.key || ''
  const grouped = address.group !== ''
  const narrow = (q: string) => change({ q, group: '', viewId: '' })
  return (
    <section aria-label={t('list')} className="min-w-0 rounded-lg border border-line bg-surface">
      <div className="flex flex-wrap items-start gap-2 border-line border-b px-3 py-2">
        <FilterField q={address.q} fault={runs.fault} onApply={(q) => change({ q })} />
        <Toolbar {...props} address={address} columns={columns} metric={metric} onChange={change} />
      </div>
      <StateLine runs={runs} columns={columns} keys={keys} grouped={grouped} />
      {runs.fault !== null && runs.fault.field !== 'filter' && (
        <div className="p-3">
          <ErrorCard title={t('faultTitle')} body={runs.fault.message} />
        </div>
      )}
      {grouped ? (
        <GroupTable project={project} view={address} metric={metric} onNarrow={narrow} />
      ) : (
        <Rows {...{ project, columns, runs, address, change, selection }} />
      )}
      <SelectionBar
        {...{ project, selection }}
        mayWrite={props.mayWrite}
        view={address}
        total={runs.count.total}
        onChanged={runs.reload}
      />
      {address.peek !== '' && <Peek project={project} rows={runs.rows} peek={address.peek} change={change} />}
    </section>
  )
}

type RowsProps = {
  project: string
  columns: string[]
  runs: ReturnType<typeof useRunRows>
  address: ReturnType<typeof useRunsAddress>['address']
  change: ReturnType<typeof useRunsAddress>['change']
  selection: Selection
}

function Rows({ project, columns, runs, address, change, selection }: RowsProps) {
  const t = useTranslations('client.runs')
  const format = useFormat()
  const nameOf = useColumnName()
  const onPeek = useCallback((peek: string) => change({ peek }, 'replace'), [change])
  const spans = useMemo(() => spansOf(runs.rows, columns), [runs.rows, columns])
  const defined = useMemo(() => {
    const peekLabel = (row: RunRow) => t('peek.of', { name: row.name })
    return runColumns({ project, columns, format, nameOf, spans, peekLabel, onPeek })
  }, [project, columns, format, nameOf, spans, t, onPeek])
  const selected = useMemo(() => new Set(selection.ids), [selection.ids])
  const labels = useMemo(() => ({ region: t('region'), select: (row: RunRow) => t('select', { name: row.name }) }), [t])
  if (runs.rows.length === 0 && runs.fault !== null) return null
  if (runs.rows.length === 0 && !runs.stale)
    return <NoRows project={project} address={address} onClear={() => change({ q: '', experiment: '' })} />
  return (
    <VirtualTable
      caption={t('list')}
      rows={runs.rows}
      columns={defined}
      rowKey={(row) => row.id}
      total={runs.count.total}
      sort={address.sort}
      onSort={(sort) => change({ sort })}
      selected={selected}
      onSelect={selection.pick}
      peeked={address.peek}
      onPeek={onPeek}
      onNearEnd={runs.loadMore}
      stale={runs.stale}
      labels={labels}
      className="h-[calc(100dvh-17.5rem)] min-h-80 rounded-b-lg"
    />
  )
}

type PeekProps = { project: string; rows: readonly RunRow[]; peek: string; change: RowsProps['change'] }

function Peek({ project, rows, peek, change }: PeekProps) {
  const at = rows.findIndex(({ id }) => id === peek)
  const idAt = (index: number) => (at === -1 ? null : (rows[index]?.id ?? null))
  const onPeek = useCallback((runId: string) => change({ peek: runId }, 'replace'), [change])
  const onClose = useCallback(() => onPeek(''), [onPeek])
  return <RunPeek {...{ project, onPeek, onClose }} runId={peek} before={idAt(at - 1)} after={idAt(at + 1)} />
}

/** No run at all is another matter than none that the filter holds for. */
function NoRows({ project, address, onClear }: Pick<RowsProps, 'project' | 'address'> & { onClear: () => void }) {
  const t = useTranslations('client')
  if (address.q === '' && address.experiment === '') {
    const key = address.shown === 'deleted' ? 'noneDeleted' : null
    if (key !== null) return <EmptyState title={t(`runs.${key}`)} />
    // Any MLflow client logs here by these two variables alone.
    const command = `MLFLOW_TRACKING_URI=https://…/projects/${project} MLFLOW_TRACKING_TOKEN=my_… python train.py`
    return <EmptyState title={t('run.empty.title')} body={t('run.empty.body')} command={command} />
  }
  return (
    <p className="px-4 py-10 text-center text-ink-2 text-sm">
      {t('runs.filteredEmpty')}{' '}
      <button type="button" className="min-h-6 text-accent underline underline-offset-2" onClick={onClear}>
        {t('table.clear')}
      </button>
    </p>
  )
}
