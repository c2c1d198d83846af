import { buttonClass } from '@modelyard/ui/button'
import { Card } from '@modelyard/ui/card'
import { PageHeader } from '@modelyard/ui/page-header'
import { StatusPill, Tag } from '@modelyard/ui/status-pill'
import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { links } from '../../../../../../links.ts'
import { LiveRefresh } from '../../../../../../live/refresh.tsx'
import { DatasetFacts, UsedBy } from '../../../../../../parts/dataset/dataset-facts.tsx'
import { ProfileTable } from '../../../../../../parts/dataset/profile-table.tsx'
import { Splits } from '../../../../../../parts/dataset/splits.tsx'
import { GateTable } from '../../../../../../parts/gate-table.tsx'
import { getProject, orNotFound, requireApi } from '../../../../../../server/api.ts'

type Props = { params: Promise<{ project: string; dataset: string; version: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { dataset, version } = await params
  const place = (await getTranslations('shell'))('place.datasets')
  return { title: `${dataset} v${version} · ${place}` }
}

/** Safe to train on? What is in it? Who uses it? */
export default async function DatasetVersionPage({ params }: Props) {
  const { project, dataset, version } = await params
  await getProject(project)
  if (!/^\d{1,9}$/.test(version)) notFound()
  const api = await requireApi()
  const data = await orNotFound(api.datasets.get({ project, name: dataset, version: Number(version) }))
  const t = await getTranslations('client.dataset')
  const model = await getTranslations('client.model')
  return (
    <>
      <PageHeader
        title={
          <>
            {data.name} <Tag mono>v{data.version}</Tag>
          </>
        }
        status={
          data.blocked ? <StatusPill tone="crit" label={t('blocked')} /> : <StatusPill tone="ok" label={t('safe')} />
        }
        lead={data.description}
        actions={
          <Link href={links.lineage(project, data.id)} prefetch={false} className={buttonClass()}>
            {model('lineage')}
          </Link>
        }
      />
      <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Card title={t('gates')} hint={t('gatesHint')} flush>
            <GateTable gates={data.gates} caption={t('gates')} />
          </Card>
          <Card title={t('leakage')} hint={t('leakageHint')} flush>
            <GateTable gates={data.leakage} caption={t('leakage')} />
          </Card>
        </div>
        <div className="flex min-w-0 flex-col gap-4 max-xl:row-start-1">
          <Card title={t('split')}>
            <Splits data={data} />
          </Card>
          <Card title={t('facts')}>
            <DatasetFacts data={data} />
          </Card>
          <Card title={t('usedBy')}>
            <UsedBy project={project} data={data} />
          </Card>
        </div>
      </div>
      <div className="mt-4">
        <Card title={t('profile')} hint={t('profileHint')} flush>
          <ProfileTable columns={data.columns} rows={data.rows} labelColumn={data.labelColumn} />
        </Card>
      </div>
      <LiveRefresh nouns={['dataset_version', 'run', 'model_version']} />
    </>
  )
}
