import type { DatasetVersion } from '@modelyard/contracts'
import { KeyValue } from '@modelyard/ui/key-value'
import { SplitBar } from '@modelyard/ui/split-bar'
import { Table, Td, Th } from '@modelyard/ui/table'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'

const parts = ['train', 'validation', 'test'] as const

/** The recorded split: sizes, how it was made, and whether each part has the same mix of classes. */
export function Splits({ data }: { data: DatasetVersion }) {
  const t = useTranslations('client.dataset')
  const format = useFormat()
  const { split } = data
  const total = parts.reduce((sum, part) => sum + split.parts[part].rows, 0)
  const bars = parts.map((part, index) => ({
    label: t(`part.${part}`),
    share: total === 0 ? 0 : split.parts[part].rows / total,
    note: `${format.number(split.parts[part].rows)} · ${format.percent(total === 0 ? 0 : split.parts[part].rows / total)}`,
    color: (['a', 'b', 'c'] as const)[index],
  }))
  const sentence = bars.map((bar) => `${bar.label} ${bar.note}`).join(', ')
  return (
    <div className="flex flex-col gap-3">
      <SplitBar parts={bars} label={sentence} />
      <KeyValue
        pairs={[
          { label: t('kind'), value: t(`splitKind.${split.kind}`) },
          { label: t('seed'), value: String(split.seed), mono: true },
          ...(split.groupColumn === undefined
            ? []
            : [{ label: t('groupColumn'), value: split.groupColumn, mono: true }]),
        ]}
      />
      {data.classes.length > 0 && data.classes.length <= 40 && <ClassMix data={data} />}
    </div>
  )
}

function ClassMix({ data }: { data: DatasetVersion }) {
  const t = useTranslations('client.dataset')
  const format = useFormat()
  return (
    <details>
      <summary className="text-accent text-xs underline-offset-2 hover:underline">{t('classMix')}</summary>
      <div className="mt-2 -mx-4">
        <Table
          caption={t('classMix')}
          head={
            <>
              <Th>{t('class')}</Th>
              {parts.map((part) => (
                <Th key={part} numeric>
                  {t(`part.${part}`)}
                </Th>
              ))}
            </>
          }
        >
          {data.classes.map((name) => (
            <tr key={name}>
              <Td className="mono">{name}</Td>
              {parts.map((part) => (
                <Td key={part} numeric>
                  {format.number(data.split.parts[part].classCounts[name] ?? 0)}
                </Td>
              ))}
            </tr>
          ))}
        </Table>
      </div>
    </details>
  )
}
