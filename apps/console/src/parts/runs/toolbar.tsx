'use client'
import type { RunExperiment, RunKeys, SavedView } from '@modelyard/contracts'
import { Select } from '@modelyard/ui/field'
import { useTranslations } from 'next-intl'
import { ColumnChooser } from './column-chooser.tsx'
import { useColumnName } from './use-column-name.ts'
import type { ChangeAddress } from './use-runs-address.ts'
import { ViewMenu } from './view-menu.tsx'
import { EMPTY_VIEW, type RunsAddress } from './view-params.ts'

type Props = {
  project: string
  mayWrite: boolean
  keys: RunKeys
  views: SavedView[]
  experiments: RunExperiment[]
  address: RunsAddress
  columns: string[]
  metric: string
  onChange: ChangeAddress
}

/** Which experiment, by what they are grouped, which columns, which saved view. */
export function Toolbar(props: Props) {
  const { address, columns, experiments, onChange } = props
  const t = useTranslations('client.runs')
  const { viewId: _viewId, selected: _selected, peek: _peek, ...view } = address
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2 max-md:w-full max-md:flex-nowrap max-md:overflow-x-auto max-md:[&>*]:shrink-0">
      <Select
        aria-label={t('experiment')}
        value={address.experiment}
        onChange={(event) => onChange({ experiment: event.target.value })}
        className="w-auto max-w-44"
      >
        <option value="">{t('allExperiments')}</option>
        {experiments.map(({ number, name, runs }) => (
          <option key={number} value={number}>
            {`${name} (${runs})`}
          </option>
        ))}
      </Select>
      <Grouping {...props} />
      {address.group === '' && (
        <ColumnChooser
          keys={props.keys}
          columns={columns}
          onChange={(next) => onChange({ columns: next }, 'replace')}
        />
      )}
      <Select
        aria-label={t('shown')}
        value={address.shown}
        onChange={(event) => onChange({ shown: event.target.value === 'deleted' ? 'deleted' : 'active' })}
        className="w-auto"
      >
        <option value="active">{t('active')}</option>
        <option value="deleted">{t('deleted')}</option>
      </Select>
      <ViewMenu
        project={props.project}
        views={props.views}
        viewId={address.viewId}
        view={{ ...view, columns }}
        mayWrite={props.mayWrite}
        onOpen={(saved) => onChange({ ...EMPTY_VIEW, ...saved?.settings, viewId: saved?.id ?? '' })}
      />
    </div>
  )
}

const ALWAYS = ['attributes.experiment', 'attributes.status', 'attributes.user_id', 'datasets.name']

function Grouping({ keys, address, metric, onChange }: Props) {
  const t = useTranslations('client.runs')
  const nameOf = useColumnName()
  const options = (scope: 'params' | 'tags') => keys[scope].slice(0, 100).map(({ key }) => `${scope}.${key}`)
  return (
    <>
      <Select
        aria-label={t('groupBy')}
        value={address.group}
        onChange={(event) => onChange({ group: event.target.value })}
        className="w-auto max-w-44"
      >
        <option value="">{t('ungrouped')}</option>
        {ALWAYS.map((column) => (
          <option key={column} value={column}>
            {column === 'datasets.name' ? t('dataset') : nameOf(column)}
          </option>
        ))}
        {(['params', 'tags'] as const).map((scope) => (
          <optgroup key={scope} label={t(`scope.${scope}`)}>
            {options(scope).map((column) => (
              <option key={column} value={column}>
                {nameOf(column)}
              </option>
            ))}
          </optgroup>
        ))}
      </Select>
      {address.group !== '' && (
        <Select
          aria-label={t('groupMetric')}
          value={metric}
          onChange={(event) => onChange({ metric: event.target.value })}
          className="w-auto max-w-44"
        >
          {keys.metrics.map(({ key }) => (
            <option key={key} value={key}>
              {key}
            </option>
          ))}
        </Select>
      )}
    </>
  )
}
