import type { Endpoint } from '@modelyard/contracts'
import { StatusPill } from '@modelyard/ui/status-pill'
import { useTranslations } from 'next-intl'
import { When } from '../when.tsx'

/** Desired and observed apart: which gateway serves which generation, and when it was last heard. */
export function Gateways({ endpoint }: { endpoint: Endpoint }) {
  const t = useTranslations('client.endpoint')
  const current = endpoint.gateways.filter(
    (gateway) => gateway.live && gateway.observedGeneration >= endpoint.generation,
  )
  return (
    <div className="mt-3 flex flex-wrap items-center gap-x-5 gap-y-1 border-line border-t pt-2.5 text-ink-2 text-xs">
      <span>
        {t('generation')} <span className="num font-medium text-ink">{endpoint.generation}</span>
      </span>
      <StatusPill
        tone={endpoint.observed ? 'ok' : 'warn'}
        icon={endpoint.observed ? 'ok' : 'running'}
        label={t('observedOn', { count: current.length, total: endpoint.gateways.length })}
        quiet
      />
      {endpoint.gateways.map((gateway) => (
        <span key={gateway.id} className="inline-flex items-center gap-1.5">
          <StatusPill
            tone={gateway.live ? 'ok' : 'crit'}
            icon={gateway.live ? 'dot' : 'fail'}
            label={gateway.name}
            quiet
          />
          <span className="num">
            {gateway.observedGeneration}/{endpoint.generation}
          </span>
          <span className="text-ink-3">
            <When at={gateway.lastSeenAt} />
          </span>
        </span>
      ))}
    </div>
  )
}
