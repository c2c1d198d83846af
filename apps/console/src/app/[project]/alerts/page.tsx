import { AlertState } from '@modelyard/contracts'
import { Card } from '@modelyard/ui/card'
import { NavTabs, tabClass } from '@modelyard/ui/nav-tabs'
import { PageHeader } from '@modelyard/ui/page-header'
import type { Metadata } from 'next'
import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import { links } from '../../../links.ts'
import { LiveRefresh } from '../../../live/refresh.tsx'
import { AlertTable } from '../../../parts/alert/alert-table.tsx'
import { getProject, requireApi } from '../../../server/api.ts'

type Props = { params: Promise<{ project: string }>; searchParams: Promise<{ state?: string }> }

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell'))('place.alerts') }
}

const tabs = ['open', 'firing', 'acked', 'resolved', 'all'] as const

/** What is new since I looked; what is open stands first. */
export default async function AlertsPage({ params, searchParams }: Props) {
  const { project } = await params
  const search = await searchParams
  await getProject(project)
  const api = await requireApi()
  const tab = tabs.find((item) => item === search.state) ?? 'open'
  const state = AlertState.safeParse(tab)
  const filter = state.success ? { state: state.data } : tab === 'open' ? { open: true } : {}
  const [page, t] = await Promise.all([api.alerts.list({ project, limit: 200, ...filter }), getTranslations()])
  return (
    <>
      <PageHeader title={t('shell.place.alerts')} lead={t('alert.lead')} />
      <NavTabs label={t('alert.tabs')}>
        {tabs.map((item) => (
          <Link
            key={item}
            href={item === 'open' ? links.alerts(project) : `${links.alerts(project)}?state=${item}`}
            prefetch={false}
            aria-current={item === tab ? 'page' : undefined}
            className={tabClass(item === tab)}
          >
            {t(`alert.tab.${item}`)}
          </Link>
        ))}
      </NavTabs>
      <Card flush>
        <AlertTable rows={page.items} quiet={tab === 'open' || tab === 'firing'} />
      </Card>
      <LiveRefresh nouns={['alert', 'delivery']} everyMs={15_000} />
    </>
  )
}
