import { MAX_COMPARED } from '@modelyard/contracts'
import { buttonClass } from '@modelyard/ui/button'
import { Card } from '@modelyard/ui/card'
import { PageHeader } from '@modelyard/ui/page-header'
import { EmptyState } from '@modelyard/ui/states'
import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { links } from '../../../../../links.ts'
import { CompareFacts } from '../../../../../parts/model-compare/compare-facts.tsx'
import { CompareMetrics } from '../../../../../parts/model-compare/compare-metrics.tsx'
import { getProject, orNotFound, requireApi } from '../../../../../server/api.ts'
import { modelOf } from '../../../../../server/model.ts'

type Search = { v?: string | string[]; baseline?: string; all?: string }
type Props = { params: Promise<{ project: string; model: string }>; searchParams: Promise<Search> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { model } = await params
  return { title: `${modelOf(model)} · ${(await getTranslations('modelCompare'))('title')}` }
}

/** Each version once, the oldest first: it is the baseline unless another is named. */
function numbersOf(v: Search['v']): number[] {
  return [...new Set([v ?? []].flat().map(Number))].toSorted((a, b) => a - b)
}

/** Which of them is better, by what, and what differs? */
export default async function CompareVersionsPage({ params, searchParams }: Props) {
  const { project, model } = await params
  await getProject(project)
  const name = modelOf(model)
  const search = await searchParams
  const numbers = numbersOf(search.v)
  const t = await getTranslations('modelCompare')
  const back = (
    <Link href={links.modelPage(project, name)} className={buttonClass()}>
      {t('choose')}
    </Link>
  )
  const header = <PageHeader title={t('heading', { model: name })} lead={t('lead')} actions={back} />
  if (numbers.length < 2 || numbers.length > MAX_COMPARED)
    return (
      <>
        {header}
        <Card>
          <EmptyState title={t('few')} body={t('fewBody', { most: MAX_COMPARED })} action={back} />
        </Card>
      </>
    )
  const api = await requireApi()
  const known = await orNotFound(api.models.versions({ project, model: name }))
  const idOf = (number: number) => known.find(({ version }) => version === number)?.id ?? notFound()
  const versions = numbers.map(idOf)
  const baseline = search.baseline === undefined ? undefined : idOf(Number(search.baseline))
  const data = await orNotFound(api.modelCompare.get({ project, versions, baseline }))
  const all = search.all === '1'
  const address = (change: { baseline?: number; all?: boolean }) => {
    const query = new URLSearchParams(numbers.map((number) => ['v', String(number)]))
    const reference = change.baseline ?? (search.baseline === undefined ? undefined : Number(search.baseline))
    if (reference !== undefined) query.set('baseline', String(reference))
    if (change.all ?? all) query.set('all', '1')
    return `${links.modelCompare(project, name)}?${query}`
  }
  return (
    <>
      {header}
      <div className="flex min-w-0 flex-col gap-4">
        <Card
          title={t('metrics')}
          flush
          actions={
            <Link href={address({ all: !all })} prefetch={false} className={buttonClass({ size: 'sm' })}>
              {t(all ? 'onlyDiffering' : 'showAll')}
            </Link>
          }
        >
          <CompareMetrics project={project} data={data} hrefOfBaseline={(number) => address({ baseline: number })} />
        </Card>
        <CompareFacts project={project} data={data} all={all} />
      </div>
    </>
  )
}
