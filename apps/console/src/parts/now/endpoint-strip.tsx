import type { EndpointSummary, Kpi } from '@modelyard/contracts'
import { Stat } from '@modelyard/ui/card'
import { StatusPill } from '@modelyard/ui/status-pill'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'
import { links } from '../../links.ts'
import { TrafficBar } from '../endpoint/traffic-bar.tsx'

import { StatePill } from '../state-pill.tsx'
import { When } from '../when.tsx'

/** One line per endpoint: health, who serves, how fast, how wrong, how drifted. */
export function EndpointStrip({
  project,
  endpoints,
  kpis,
}: {
  project: string
  endpoints: EndpointSummary[]
  kpis: Kpi[]
}) {
  const p95Limit = kpis.find((kpi) => kpi.metric === 'p95_latency_ms')?.target
  return (
    <ul>
      {endpoints.map((endpoint) => (
        <li
          key={endpoint.id}
          data-row
          className="relative border-line border-b px-4 py-3 last:border-b-0 hover:bg-raised/50"
        >
          <Line project={project} endpoint={endpoint} p95Limit={p95Limit} />
        </li>
      ))}
    </ul>
  )
}

function Line({
  project,
  endpoint,
  p95Limit,
}: {
  project: string
  endpoint: EndpointSummary
  p95Limit: number | undefined
}) {
  const t = useTranslations('client.endpoint')
  return (
    <div className="grid items-center gap-x-6 gap-y-3 lg:grid-cols-[minmax(10rem,1.1fr)_minmax(12rem,1.4fr)_repeat(4,minmax(5rem,auto))]">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-3">
          <Link
            href={links.endpoint(project, endpoint.name)}
            prefetch={false}
            className="font-semibold text-base after:absolute after:inset-0 hover:text-accent"
          >
            {endpoint.name}
          </Link>
          <StatePill noun="health" state={endpoint.health} quiet />
        </div>
        {endpoint.lastChange !== null && (
          <p className="text-ink-3 text-xs">
            <span className="mono">{endpoint.lastChange.action}</span> <When at={endpoint.lastChange.at} />
          </p>
        )}
      </div>
      <div className="min-w-0">
        <TrafficBar variants={endpoint.variants} />
        {endpoint.activeRolloutId !== null && (
          <Link
            href={links.rollout(project, endpoint.name, endpoint.activeRolloutId)}
            prefetch={false}
            className="relative z-10 mt-1 inline-flex hover:underline"
          >
            <StatusPill tone="active" label={t('rolling')} quiet />
          </Link>
        )}
      </div>
      <Numbers endpoint={endpoint} p95Limit={p95Limit} />
    </div>
  )
}

function Numbers({ endpoint, p95Limit }: { endpoint: EndpointSummary; p95Limit: number | undefined }) {
  const t = useTranslations('client.endpoint')
  const format = useFormat()
  const slow = p95Limit !== undefined && endpoint.p95Ms !== null && endpoint.p95Ms > p95Limit
  const drifted = endpoint.driftedFeatures ?? 0
  return (
    <div className="col-span-full grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-4 lg:contents">
      <Stat label={t('rps')} value={format.number(endpoint.requestsPerSecond, 1)} unit="/s" />
      <Stat
        label={t('errors')}
        value={format.percent(endpoint.errorRatio, 2)}
        tone={(endpoint.errorRatio ?? 0) > 0.01 ? 'crit' : undefined}
      />
      <Stat label="p95" value={format.ms(endpoint.p95Ms)} tone={slow ? 'crit' : undefined} />
      <Stat
        label={t('driftColumn')}
        value={format.number(endpoint.driftedFeatures)}
        tone={drifted > 0 ? 'warn' : undefined}
      />
    </div>
  )
}
