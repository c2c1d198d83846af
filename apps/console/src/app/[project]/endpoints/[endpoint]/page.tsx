import { can } from '@modelyard/domain'
import { Card } from '@modelyard/ui/card'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { links } from '../../../../links.ts'
import { LiveRefresh } from '../../../../live/refresh.tsx'
import { EndpointHeader } from '../../../../parts/endpoint/endpoint-header.tsx'
import { EndpointNotices } from '../../../../parts/endpoint/endpoint-notices.tsx'
import { Gateways } from '../../../../parts/endpoint/gateways.tsx'
import { HowToCall } from '../../../../parts/endpoint/how-to-call.tsx'
import { QualityTable } from '../../../../parts/endpoint/quality-table.tsx'
import { asRange, RangePicker, rangeSeconds } from '../../../../parts/endpoint/range-picker.tsx'
import { RolloutList } from '../../../../parts/endpoint/rollout-list.tsx'
import { TrafficBar } from '../../../../parts/endpoint/traffic-bar.tsx'
import { TrafficCharts } from '../../../../parts/endpoint/traffic-charts.tsx'
import { VariantTable } from '../../../../parts/endpoint/variant-table.tsx'
import { getProject, requireApi } from '../../../../server/api.ts'
import { deployableVersions } from '../../../../server/deployable.ts'
import { getEndpoint } from '../../../../server/endpoint.ts'
import { wire } from '../../../../wire.ts'

type Props = {
  params: Promise<{ project: string; endpoint: string }>
  searchParams: Promise<{ t?: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { endpoint } = await params
  return { title: (await getTranslations('client.endpoint'))('title', { name: endpoint }) }
}

/** Healthy now? Who takes the traffic? Which was the last good one, and can I go back? */
export default async function EndpointPage({ params, searchParams }: Props) {
  const { project, endpoint: name } = await params
  const range = asRange((await searchParams).t)
  const { role, kpis } = await getProject(project)
  const endpoint = await getEndpoint(project, name, rangeSeconds[range])
  const versions = await deployableVersions(await requireApi(), project)
  const t = await getTranslations('client.endpoint')
  return (
    <>
      <EndpointHeader
        project={project}
        endpoint={endpoint}
        versions={versions}
        mayDeploy={can(role, 'endpoint.deploy')}
        tab="overview"
      />
      <EndpointNotices project={project} endpoint={endpoint} />
      <div className="flex min-w-0 flex-col gap-4">
        <Card title={t('traffic')} hint={t('trafficHint')}>
          <TrafficBar variants={endpoint.variants} />
          <Gateways endpoint={endpoint} />
        </Card>
        <Card
          title={t('signals')}
          actions={<RangePicker path={links.endpoint(project, endpoint.name)} range={range} />}
        >
          <TrafficCharts
            points={endpoint.traffic}
            lastSampleAt={endpoint.lastSampleAt}
            p95LimitMs={kpis.find((kpi) => kpi.metric === 'p95_latency_ms')?.target ?? null}
            errorLimit={kpis.find((kpi) => kpi.metric === 'error_ratio')?.target ?? null}
            deploys={endpoint.variants.map((variant) => ({ at: variant.createdAt, label: `r${variant.number}` }))}
          />
        </Card>
        <div className="grid gap-4 xl:grid-cols-2">
          <Card title={t('variants')} flush>
            <VariantTable project={project} variants={endpoint.variants} />
          </Card>
          <Card title={t('quality')} hint={t('qualityHint')} flush>
            <QualityTable quality={endpoint.quality} />
          </Card>
          <Card title={t('rollouts')} flush>
            <RolloutList project={project} endpoint={endpoint} />
          </Card>
          <Card title={t('call')} hint={t('callHint')}>
            <HowToCall
              project={project}
              endpoint={endpoint.name}
              gatewayUrl={wire().env.MODELYARD_GATEWAY_URL ?? '$GATEWAY'}
            />
          </Card>
        </div>
      </div>
      <LiveRefresh nouns={['endpoint', 'variant', 'rollout', 'alert', 'gateway', 'drift']} everyMs={5_000} />
    </>
  )
}
