import { PageHeader } from '@modelyard/ui/page-header'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { LiveRefresh } from '../../../live/refresh.tsx'
import { LineageCards } from '../../../parts/lineage/lineage-cards.tsx'
import { getProject, orNotFound, requireApi } from '../../../server/api.ts'

type Props = { params: Promise<{ project: string }>; searchParams: Promise<{ focus?: string | string[] }> }

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('lineage'))('title') }
}

/** The lineage of anything that has one, by its id. */
export default async function LineagePage({ params, searchParams }: Props) {
  const { project } = await params
  await getProject(project)
  const { focus } = await searchParams
  if (typeof focus !== 'string') notFound()
  const api = await requireApi()
  const graph = await orNotFound(api.lineage.get({ project, focus }))
  const node = graph.nodes.find(({ id }) => id === focus)
  const t = await getTranslations('lineage')
  const number =
    node?.number === null || node === undefined ? '' : ` ${node.kind === 'variant' ? 'r' : 'v'}${node.number}`
  return (
    <>
      <PageHeader title={t('of', { name: `${node?.name ?? focus}${number}` })} lead={node && t(`kind.${node.kind}`)} />
      <LineageCards project={project} graph={graph} />
      <LiveRefresh nouns={['dataset', 'job', 'run', 'model_version', 'endpoint', 'rollout']} />
    </>
  )
}
