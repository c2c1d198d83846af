import type { CardLimit } from '@modelyard/contracts'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'

/** What the records themselves say against relying on the version. */
export function Limits({ limits }: { limits: CardLimit[] }) {
  const t = useTranslations('modelCard')
  const words = useLimitWords()
  if (limits.length === 0) return <p className="text-ink-3 text-sm">{t('noLimits')}</p>
  return (
    <ul className="flex list-disc flex-col gap-1 pl-5 text-sm">
      {limits.map((limit) => (
        <li key={JSON.stringify(limit)} className="[overflow-wrap:anywhere]">
          {words(limit)}
        </li>
      ))}
    </ul>
  )
}

function useLimitWords() {
  const t = useTranslations('modelCard.limit')
  const format = useFormat()
  return (limit: CardLimit): string => {
    switch (limit.code) {
      case 'failed_gate':
        return t('failed_gate', { gate: limit.gate })
      case 'waived_gate':
        return t('waived_gate', { gate: limit.gate, by: limit.by, reason: limit.reason })
      case 'wide_interval':
        return t('wide_interval', {
          rows: limit.rows,
          low: format.percent(limit.low, 1),
          high: format.percent(limit.high, 1),
        })
      case 'weak_class':
        return t('weak_class', { label: limit.label, f1: limit.f1.toFixed(3), mean: limit.macroF1.toFixed(3) })
      case 'rare_classes':
        return t('rare_classes', {
          labels: limit.labels.join(', '),
          rest: limit.count - limit.labels.length,
          below: limit.below,
        })
      default:
        return t(limit.code)
    }
  }
}
