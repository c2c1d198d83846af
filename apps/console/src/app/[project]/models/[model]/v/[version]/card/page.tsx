import { can } from '@modelyard/domain'
import { buttonClass } from '@modelyard/ui/button'
import { Download } from 'lucide-react'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { links } from '../../../../../../../links.ts'
import { ModelCard } from '../../../../../../../parts/model-card/model-card.tsx'
import { PrintButton } from '../../../../../../../parts/model-card/print-button.tsx'
import { getProject } from '../../../../../../../server/api.ts'
import { getCard, modelOf } from '../../../../../../../server/model.ts'

type Props = { params: Promise<{ project: string; model: string; version: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { model, version } = await params
  return { title: `${modelOf(model)} v${version} · ${(await getTranslations('modelCard'))('title')}` }
}

/** What would somebody who did not make it need to know? */
export default async function ModelCardPage({ params }: Props) {
  const { project, model, version } = await params
  const { role } = await getProject(project)
  const card = await getCard(project, model, version)
  const t = await getTranslations('modelCard')
  const { model: name, version: number } = card.version
  const file = `${links.model(project, name, number)}/card/file?format=`
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2 print:hidden">
        <p className="min-w-0 flex-1 basis-56 text-ink-2 text-sm">{t('lead')}</p>
        <a href={`${file}markdown`} download className={buttonClass({ size: 'sm' })}>
          <Download aria-hidden />
          Markdown
        </a>
        <a href={`${file}json`} download className={buttonClass({ size: 'sm' })}>
          <Download aria-hidden />
          JSON
        </a>
        <PrintButton />
      </div>
      <ModelCard project={project} card={card} mayWrite={can(role, 'model.register')} />
    </>
  )
}
