import type { Endpoint } from '@modelyard/contracts'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'
import { TrafficBar } from '../endpoint/traffic-bar.tsx'
import { StatePill } from '../state-pill.tsx'

/** What it is, how it is, who takes the traffic now. */
export function RollbackHead({ endpoint }: { endpoint: Endpoint }) {
  const t = useTranslations('rollback')
  const format = useFormat()
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="font-semibold text-xl tracking-tight [overflow-wrap:anywhere]">
          {t('title', { endpoint: endpoint.name })}
        </h1>
        <StatePill noun="health" state={endpoint.health} />
      </div>
      <p className="num mt-1 text-ink-2 text-sm">
        {t('numbers', {
          errors: format.percent(endpoint.errorRatio, 2),
          p95: format.ms(endpoint.p95Ms),
          rps: format.number(endpoint.requestsPerSecond, 1),
        })}
      </p>
      <div className="my-4">
        <TrafficBar variants={endpoint.variants} />
      </div>
    </>
  )
}
