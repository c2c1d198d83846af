'use client'
import type { ComparedRun } from '@modelyard/contracts'
import { seriesLook } from '@modelyard/ui'
import { Select } from '@modelyard/ui/field'
import { ParallelCoordinates } from '@modelyard/ui/parallel-coordinates'
import { ScatterPlot } from '@modelyard/ui/scatter-plot'
import { Table, Td, Th } from '@modelyard/ui/table'
import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { useFormat } from '../../format/use-format.ts'
import { BrushBar } from './brush-bar.tsx'
import { loggedIn } from './brushed.ts'
import type { Comparison } from './compared.ts'
import type { CompareAddress } from './use-compare-address.ts'

type Props = { runs: ComparedRun[]; comparison: Comparison; address: CompareAddress; kept: ReadonlySet<string> }

/** More axes than this nobody follows across. */
const MOST_AXES = 10

/** The parameters that differ and, at the end, the metrics they may explain. */
function axesOf({ params, metrics }: Comparison) {
  const causes = params.filter(({ differs }) => differs).map(({ key }) => `params.${key}`)
  // What most runs have says most; the sort keeps the order of names among equals.
  const known = ({ cells }: (typeof metrics)[number]) => cells.filter(({ value }) => typeof value === 'number').length
  const effects = metrics.toSorted((a, b) => known(b) - known(a)).map(({ key }) => `metrics.${key}`)
  const shown = effects.slice(0, 3)
  return {
    axes: [...causes.slice(0, MOST_AXES - shown.length), ...shown],
    all: [...causes, ...effects],
    first: causes[0],
    second: effects[0],
  }
}

/** Do the parameters that differ explain the metric? Lines across all of them, and one against another. */
export function ComparePlots({ runs, comparison, address, kept }: Props) {
  const t = useTranslations('client.compare')
  const format = useFormat()
  const { axes, all, first, second } = useMemo(() => axesOf(comparison), [comparison])
  const lines = useMemo(
    () =>
      runs.map((run, index) => ({
        key: run.id,
        label: `${index + 1} ${run.name}`,
        look: seriesLook(index),
        values: axes.map((axis) => loggedIn(run, axis)),
      })),
    [runs, axes],
  )
  const { brushes } = address
  if (axes.length < 2) return <p className="text-ink-3 text-sm">{t('noPlots')}</p>
  const labels = axes.map((axis) => ({ key: axis, label: axis.slice(axis.indexOf('.') + 1) }))
  return (
    <div className="flex min-w-0 flex-col gap-6">
      <figure className="m-0 min-w-0">
        <figcaption className="mb-1 font-medium text-ink text-xs">{t('parallel')}</figcaption>
        <p className="mb-1 text-ink-3 text-xs">{t('brush.hint')}</p>
        <ParallelCoordinates
          {...{ axes: labels, lines, brushes }}
          title={t('parallel')}
          locale={format.locale}
          onBrush={address.setBrush}
          isKept={(id) => kept.has(id)}
        />
        <BrushBar {...{ runs, axes: labels, brushes }} onBrush={address.setBrush} />
        <Numbers caption={t('parallel')} heads={labels.map(({ label }) => label)} rows={lines} />
      </figure>
      <Scatter runs={runs} axes={all} first={first} second={second} />
    </div>
  )
}

type ScatterProps = { runs: ComparedRun[]; axes: string[]; first: string | undefined; second: string | undefined }

function Scatter({ runs, axes, first, second }: ScatterProps) {
  const t = useTranslations('client.compare')
  const format = useFormat()
  const [x, setX] = useState(first ?? axes[0] ?? '')
  const [y, setY] = useState(second ?? axes.at(-1) ?? '')
  const points = useMemo(
    () =>
      runs.map((run, index) => ({
        ...{ key: run.id, label: run.name, look: seriesLook(index) },
        ...{ x: loggedIn(run, x), y: loggedIn(run, y) },
      })),
    [runs, x, y],
  )
  const rows = points.map((point, index) => ({
    ...point,
    label: `${index + 1} ${point.label}`,
    values: [point.x, point.y],
  }))
  const title = t('scatter', { x, y })
  return (
    <figure className="m-0 min-w-0">
      <figcaption className="mb-1 font-medium text-ink text-xs">{title}</figcaption>
      <div className="mb-2 flex flex-wrap gap-2">
        <AxisSelect label={t('xAxis')} value={x} axes={axes} onChange={setX} />
        <AxisSelect label={t('yAxis')} value={y} axes={axes} onChange={setY} />
      </div>
      <ScatterPlot title={title} xLabel={x} yLabel={y} points={points} locale={format.locale} />
      <Numbers caption={title} heads={[x, y]} rows={rows} />
    </figure>
  )
}

function AxisSelect(props: { label: string; value: string; axes: string[]; onChange: (axis: string) => void }) {
  return (
    <Select
      aria-label={props.label}
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
      className="w-auto max-w-full"
    >
      {props.axes.map((axis) => (
        <option key={axis} value={axis}>
          {axis}
        </option>
      ))}
    </Select>
  )
}

type NumberRow = { key: string; label: string; values: (string | number | null)[] }

/** The picture's numbers, for those who cannot or will not read it. */
function Numbers({ caption, heads, rows }: { caption: string; heads: string[]; rows: NumberRow[] }) {
  const t = useTranslations('client')
  return (
    <details className="mt-1">
      <summary className="inline-flex min-h-6 items-center text-2xs text-ink-3 underline-offset-2 hover:text-ink hover:underline">
        {t('chart.table')}
      </summary>
      <Table
        caption={caption}
        head={
          <>
            <Th>{t('compare.run')}</Th>
            {heads.map((head) => (
              <Th key={head} numeric>
                {head}
              </Th>
            ))}
          </>
        }
      >
        {rows.map((row) => (
          <tr key={row.key}>
            <Td>{row.label}</Td>
            {heads.map((head, index) => (
              <Td key={head} numeric>
                {row.values[index] ?? '–'}
              </Td>
            ))}
          </tr>
        ))}
      </Table>
    </details>
  )
}
