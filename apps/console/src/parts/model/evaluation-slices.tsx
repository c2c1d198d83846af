import type { EvaluationSlices } from '@modelyard/contracts'
import { StatusPill } from '@modelyard/ui/status-pill'
import { Table, Td, Th } from '@modelyard/ui/table'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'

/** The rows the model does worst on, by the values of one column, with how sure that is. */
export function SliceTable({ slices }: { slices: EvaluationSlices }) {
  const t = useTranslations('client.evaluation')
  const format = useFormat()
  const isAnyWorse = slices.worst.some(({ isWorse }) => isWorse)
  return (
    <section aria-label={t('slices')}>
      <h3 className="font-medium text-ink text-xs">{t('slices')}</h3>
      <p className="mt-0.5 mb-2 max-w-[80ch] text-ink-3 text-xs">
        {slices.looked === 0 ? t('noSlices') : t('slicesBody', { count: slices.looked })}{' '}
        {slices.looked > 0 && !isAnyWorse && t('noneWorse')}
      </p>
      {slices.worst.length > 0 && (
        <Table
          caption={t('slices')}
          head={
            <>
              <Th>{t('rowsWith')}</Th>
              <Th numeric>{t('support')}</Th>
              <Th numeric>{t('accuracy')}</Th>
              <Th numeric>{t('interval95')}</Th>
              <Th>{t('againstRest')}</Th>
            </>
          }
        >
          {slices.worst.map(({ column, from, to, rows, accuracy, interval, isWorse }) => (
            <tr key={`${column} ${from}`}>
              <Td className="py-1 sm:whitespace-nowrap">
                <span className="mono [overflow-wrap:anywhere]">{column}</span>{' '}
                <span className="num whitespace-nowrap text-ink-2">
                  {format.metric(from)}
                  {from !== to && ` – ${format.metric(to)}`}
                </span>
              </Td>
              <Td numeric className="py-1 text-ink-3">
                {format.number(rows)}
              </Td>
              <Td numeric className="py-1">
                {format.percent(accuracy)}
              </Td>
              <Td numeric className="py-1 text-ink-3">
                {interval.map((end) => format.percent(end)).join(' – ')}
              </Td>
              <Td className="py-1">
                {isWorse ? (
                  <StatusPill tone="warn" label={t('worse')} quiet />
                ) : (
                  <span className="text-ink-3 text-xs">{t('noEvidence')}</span>
                )}
              </Td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  )
}
