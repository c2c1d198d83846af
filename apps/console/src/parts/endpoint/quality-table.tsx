import type { Endpoint } from '@modelyard/contracts'
import { Table, Td, Th } from '@modelyard/ui/table'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'

/** How right each revision was, as far as true labels have come back. */
export function QualityTable({ quality }: { quality: Endpoint['quality'] }) {
  const t = useTranslations('client.endpoint')
  const format = useFormat()
  if (quality.length === 0) return <p className="px-4 py-3 text-ink-3 text-sm">{t('noQuality')}</p>
  return (
    <Table
      caption={t('quality')}
      head={
        <>
          <Th>{t('variant')}</Th>
          <Th numeric>{t('labelled')}</Th>
          <Th numeric>{t('accuracy')}</Th>
          <Th numeric>{t('interval')}</Th>
        </>
      }
    >
      {quality.map((item) => (
        <tr key={item.variant}>
          <Td className="mono font-medium">r{item.variant}</Td>
          <Td numeric>{format.number(item.labelled)}</Td>
          <Td numeric>{format.percent(item.accuracy, 2)}</Td>
          <Td numeric className="text-ink-2">
            {item.interval === null ? '–' : `${format.percent(item.interval[0])} – ${format.percent(item.interval[1])}`}
          </Td>
        </tr>
      ))}
    </Table>
  )
}
