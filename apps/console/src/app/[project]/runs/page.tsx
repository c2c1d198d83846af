import { can } from '@modelyard/domain'
import { PageHeader } from '@modelyard/ui/page-header'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { loggedColumns, standingColumns } from '../../../parts/runs/columns.ts'
import { RunBrowser } from '../../../parts/runs/run-browser.tsx'
import type { RunPages } from '../../../parts/runs/use-run-rows.ts'
import { questionOf, type RunsAddress, readAddress } from '../../../parts/runs/view-params.ts'
import { type Api, getProject, orNull, requireApi } from '../../../server/api.ts'

type Props = {
  params: Promise<{ project: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell'))('place.runs') }
}

/** The first page of rows comes with the page, drawn; the rest when it is scrolled to. */
export default async function RunsPage({ params, searchParams }: Props) {
  const { project } = await params
  const { role } = await getProject(project)
  const api = await requireApi()
  const address = readAddress(searchOf(await searchParams))
  const [keys, views, experiments, t] = await Promise.all([
    api.runs.keys({ project }),
    api.views.list({ project, page: 'runs' }),
    api.runs.experiments({ project }),
    getTranslations(),
  ])
  const columns = loggedColumns(address.columns.length > 0 ? address.columns : standingColumns(keys))
  const initial = await firstPage(api, { project, address, columns })
  const mayWrite = can(role, 'run.write')
  return (
    <>
      <PageHeader title={t('shell.place.runs')} lead={t('run.lead')} />
      <RunBrowser {...{ project, mayWrite, initial, keys, views, experiments }} />
    </>
  )
}

/** A filter that is at fault makes no page at fault: the table asks again by itself and shows the reason. */
async function firstPage(
  api: Api,
  asked: { project: string; address: RunsAddress; columns: string[] },
): Promise<RunPages | null> {
  const question = questionOf(asked.project, asked.address)
  const [page, count] = await Promise.all([
    orNull(api.runs.rows({ ...question, sort: asked.address.sort, columns: asked.columns })),
    orNull(api.runs.count(question)),
  ])
  return page === null || count === null ? null : { rows: page.items, cursor: page.nextCursor, count }
}

function searchOf(params: Record<string, string | string[] | undefined>): URLSearchParams {
  const pairs = Object.entries(params).flatMap(([name, value]) => [value ?? []].flat().map((text) => [name, text]))
  return new URLSearchParams(pairs)
}
