'use client'
import type { ComparedRun } from '@modelyard/contracts'
import type { Goal } from '@modelyard/domain'
import { Button } from '@modelyard/ui/button'
import { Card } from '@modelyard/ui/card'
import { CopyButton } from '@modelyard/ui/copy-button'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../../format/use-format.ts'
import { runsWithin } from './brushed.ts'
import { CompareCurves } from './compare-curves.tsx'
import { ComparePlots } from './compare-plots.tsx'
import { compare, markdownOf } from './compared.ts'
import { DifferenceTable } from './difference-table.tsx'
import { MetricTable } from './metric-table.tsx'
import { RunHeads } from './run-heads.tsx'
import { useCompareAddress } from './use-compare-address.ts'

type Props = { project: string; runs: ComparedRun[]; goals: Record<string, Goal> }

/** The whole comparison; baseline, the chosen metric and "only differences" stand in the address. */
export function CompareBoard({ project, runs, goals }: Props) {
  const t = useTranslations('client.compare')
  const state = useTranslations('client.state.run')
  const format = useFormat()
  const address = useCompareAddress(runs)
  const { baseline, only } = address
  const comparison = useMemo(() => {
    const words = {
      ...{ experiment: t('fact.experiment'), status: t('fact.status'), datasets: t('fact.datasets') },
      ...{ code: t('fact.code'), duration: t('fact.duration') },
      state,
    }
    return compare(runs, { baseline, goals, words, format })
  }, [runs, baseline, goals, format, t, state])
  const markdown = useMemo(
    () => markdownOf(runs, comparison, { metric: t('metric'), param: t('param'), only }),
    [runs, comparison, only, t],
  )
  const within = useMemo(() => runsWithin(runs, address.brushes, format.locale), [runs, address.brushes, format.locale])
  // The baseline stays: it is what the others are measured from.
  const shown = useMemo(() => new Set(within).add(runs[baseline]?.id ?? ''), [within, runs, baseline])
  const rows = { project, runs, baseline, only, shown }
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <RunHeads {...{ project, runs, address }} />
      {address.brushes.size > 0 && <Narrowed kept={within.size} all={runs.length} onClear={address.clearBrushes} />}
      <Card
        title={t('metrics')}
        flush
        actions={
          <span className="inline-flex items-center gap-1 text-ink-2 text-xs">
            {t('markdown')}
            <CopyButton text={markdown} label={t('copyMarkdown')} copiedLabel={t('copied')} />
          </span>
        }
      >
        <MetricTable {...rows} rows={comparison.metrics} caption={t('metrics')} />
      </Card>
      <Card title={t('differences')} flush actions={<OnlyToggle only={only} onChange={address.setOnly} />}>
        <DifferenceTable
          {...rows}
          caption={t('differences')}
          groups={[
            { title: t('facts'), rows: comparison.facts },
            { title: t('params'), rows: comparison.params },
            { title: t('tags'), rows: comparison.tags },
            { title: t('artifacts'), rows: comparison.artifacts, hashes: true },
          ]}
        />
      </Card>
      <Card title={t('curves')}>
        <CompareCurves {...rows} metric={address.metric} onMetric={address.setMetric} />
      </Card>
      <Card title={t('plots')}>
        <ComparePlots {...{ runs, comparison, address }} kept={within} />
      </Card>
    </div>
  )
}

/** That tables and curves show a part of the runs, and the way back to all of them. */
function Narrowed({ kept, all, onClear }: { kept: number; all: number; onClear: () => void }) {
  const t = useTranslations('client.compare')
  return (
    <p
      role="status"
      className="flex flex-wrap items-center gap-3 rounded-md border border-accent/40 bg-accent-soft px-3 py-1.5 text-sm"
    >
      {t('brush.kept', { kept, all })}
      <Button size="sm" onClick={onClear}>
        {t('brush.clear')}
      </Button>
    </p>
  )
}

function OnlyToggle({ only, onChange }: { only: boolean; onChange: (only: boolean) => void }) {
  const t = useTranslations('client.compare')
  return (
    <label className="inline-flex min-h-8 cursor-pointer items-center gap-2 text-ink-2 text-sm">
      <input
        type="checkbox"
        className="size-4 accent-accent"
        checked={only}
        onChange={(event) => onChange(event.target.checked)}
      />
      {t('only')}
    </label>
  )
}
