import type { Calibration, EvaluationCurves } from '@modelyard/contracts'
import { seriesLook } from '@modelyard/ui'
import { UnitChart, type UnitLine } from '@modelyard/ui/unit-chart'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'

type Curves = EvaluationCurves
type Kind = 'roc' | 'precision'
const AREA = { roc: 'auc', precision: 'averagePrecision' } as const
/** Every tenth of a curve's 101 steps stands in its table. */
const TABLE_STEP = 10

/** How well the probabilities tell the classes apart, one against the rest, and how far they can be taken at their word. */
export function EvaluationPlots({ curves, calibration }: { curves?: Curves | null; calibration?: Calibration | null }) {
  return (
    <div className="grid gap-x-8 gap-y-6 sm:grid-cols-2 xl:grid-cols-3">
      {curves && <CurveChart curves={curves} kind="roc" />}
      {curves && <CurveChart curves={curves} kind="precision" />}
      {calibration && <ReliabilityChart calibration={calibration} />}
    </div>
  )
}

function CurveChart({ curves, kind }: { curves: Curves; kind: Kind }) {
  const t = useTranslations('client.evaluation')
  const format = useFormat()
  const area = AREA[kind]
  // Of two classes each is the other's mirror: the mean alone says as much.
  const single = curves.perClass.length > 2 ? curves.perClass : []
  const steps = (values: number[]) => values.map((y, step) => ({ x: step / (values.length - 1), y }))
  const lines: UnitLine[] = [
    ...single.map((each, place) => {
      const { label } = each
      return { key: label, label, look: seriesLook(place), points: steps(each[kind]), value: each[area].toFixed(3) }
    }),
    {
      ...{ key: '', label: t('mean'), look: { color: 1 }, isStrong: true },
      ...{ points: steps(curves.macro[kind]), value: curves.macro[area].toFixed(3) },
    },
  ]
  const worst = curves.perClass.toSorted((a, b) => a[area] - b[area])[0]
  const numbers = {
    mean: curves.macro[area].toFixed(3),
    label: worst?.label ?? '',
    least: worst?.[area].toFixed(3) ?? '',
  }
  const x = t(`${kind}X`)
  return (
    <UnitChart
      title={t(`${kind}Title`)}
      summary={t(`${kind}Summary`, numbers)}
      xLabel={x}
      yLabel={t(`${kind}Y`)}
      lines={lines}
      diagonal={kind === 'roc' ? t('chance') : undefined}
      table={{
        label: t('asTable'),
        head: [x, ...lines.map(({ label }) => label)],
        rows: curves.macro[kind].flatMap((_, step) => {
          if (step % TABLE_STEP !== 0) return []
          return [[format.percent(step / 100), ...lines.map(({ points }) => (points[step]?.y ?? 0).toFixed(3))]]
        }),
      }}
      locale={format.locale}
    />
  )
}

function ReliabilityChart({ calibration: { ece, bins } }: { calibration: Calibration }) {
  const t = useTranslations('client.evaluation')
  const format = useFormat()
  const most = Math.max(1, ...bins.map(({ count }) => count))
  const points = bins.map((bin) => ({ x: bin.meanProbability, y: bin.observedRate, size: bin.count / most }))
  const gap = format.percent(ece, 2)
  return (
    <UnitChart
      title={t('calibration')}
      summary={t('calibrationSummary', { gap })}
      xLabel={t('sure')}
      yLabel={t('right')}
      lines={[{ key: 'bins', label: 'ECE', look: { color: 1 }, points, value: gap }]}
      diagonal={t('ideal')}
      table={{
        label: t('asTable'),
        head: [t('between'), t('support'), t('sure'), t('right')],
        rows: bins.map(({ from, to, count, meanProbability, observedRate }) => [
          `${format.percent(from)} – ${format.percent(to)}`,
          ...[format.number(count), format.percent(meanProbability), format.percent(observedRate)],
        ]),
      }}
      locale={format.locale}
    />
  )
}
