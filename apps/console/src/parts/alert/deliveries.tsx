import type { AlertSummary } from '@modelyard/contracts'
import { useTranslations } from 'next-intl'
import type { z } from 'zod'
import { StatePill } from '../state-pill.tsx'

type Row = z.infer<typeof AlertSummary>

/** Who was told of what, and whether it arrived: an alert that fired and was resolved told the same channel twice. */
export function Deliveries({ deliveries }: { deliveries: Row['deliveries'] }) {
  const t = useTranslations('client.alert.transition')
  if (deliveries.length === 0) return <span className="text-ink-3">–</span>
  return (
    <span className="flex flex-col gap-0.5">
      {deliveries.map((delivery) => (
        <span
          key={delivery.id}
          className="inline-flex items-center gap-1.5 whitespace-nowrap text-xs"
          title={delivery.lastError ?? undefined}
        >
          <span className="text-ink-2">{delivery.channel}</span>
          <span>{t(delivery.transition)}</span>
          <StatePill noun="delivery" state={delivery.state} quiet />
        </span>
      ))}
    </span>
  )
}
