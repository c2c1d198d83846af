import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { LineageCards } from '../../../../../../../parts/lineage/lineage-cards.tsx'
import { orNotFound, requireApi } from '../../../../../../../server/api.ts'
import { getVersion, modelOf } from '../../../../../../../server/model.ts'

type Props = { params: Promise<{ project: string; model: string; version: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { model, version } = await params
  return { title: `${modelOf(model)} v${version} · ${(await getTranslations('lineage'))('title')}` }
}

/** From which rows, by which run, and where to? */
export default async function VersionLineagePage({ params }: Props) {
  const { project, model, version } = await params
  const { id } = await getVersion(project, model, version)
  const api = await requireApi()
  return <LineageCards project={project} graph={await orNotFound(api.lineage.get({ project, focus: id }))} />
}
