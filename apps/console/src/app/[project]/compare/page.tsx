import { PageHeader } from '@modelyard/ui/page-header'
import { EmptyState } from '@modelyard/ui/states'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { CompareBoard } from '../../../parts/compare/compare-board.tsx'
import { getProject, orNull, requireApi } from '../../../server/api.ts'

type Props = {
  params: Promise<{ project: string }>
  searchParams: Promise<{ runs?: string | string[] }>
}

/** As many as the verb takes. */
const MOST = 20

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('client.compare'))('title') }
}

/** Two to twenty runs side by side: what differs, and whether it explains the gap. */
export default async function ComparePage({ params, searchParams }: Props) {
  const { project } = await params
  const { kpis } = await getProject(project)
  const api = await requireApi()
  const t = await getTranslations('client.compare')
  const asked = [(await searchParams).runs ?? []].flat().join(',').split(',')
  const runIds = [...new Set(asked.filter((id) => /^run_[0-9a-z]{26}$/.test(id)))].slice(0, MOST)
  if (runIds.length === 0) {
    return (
      <>
        <PageHeader title={t('title')} />
        <EmptyState title={t('empty')} body={t('emptyBody')} />
      </>
    )
  }
  const runs = (await orNull(api.runs.compare({ project, runIds }))) ?? notFound()
  const goals = Object.fromEntries(
    kpis.map(({ metric, op }) => [metric, op.startsWith('<') ? 'lower' : 'higher'] as const),
  )
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead', { count: runs.length })} />
      <CompareBoard project={project} runs={runs} goals={goals} />
    </>
  )
}
