import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { EvaluationState } from '../../../../../../../parts/model/evaluation-state.tsx'
import { Evaluations } from '../../../../../../../parts/model/evaluations.tsx'
import { getVersion, modelOf } from '../../../../../../../server/model.ts'

type Props = { params: Promise<{ project: string; model: string; version: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { model, version } = await params
  const place = (await getTranslations('client.model'))('part.eval')
  return { title: `${modelOf(model)} v${version} · ${place}` }
}

/** How good is it, on which classes and rows, and can its probabilities be taken at their word? */
export default async function EvaluationPage({ params }: Props) {
  const { project, model, version } = await params
  const data = await getVersion(project, model, version)
  return (
    <div className="flex flex-col gap-4">
      <EvaluationState version={data} />
      <Evaluations reports={data.evaluations} />
    </div>
  )
}
