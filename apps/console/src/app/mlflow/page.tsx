import { notFound, redirect } from 'next/navigation'
import { parseClientLink } from '../../client-link.ts'
import { links } from '../../links.ts'
import { getViewer, orNull, requireApi } from '../../server/api.ts'

type Props = { searchParams: Promise<{ to?: string; project?: string }> }

/** Leads from a link that an MLflow client printed to the same thing here, in whichever of the viewer's projects it is. */
export default async function ClientLinkPage({ searchParams }: Props) {
  const { to = '', project: wanted } = await searchParams
  const link = parseClientLink(to)
  if (link.kind === 'home') redirect('/')
  const api = await requireApi()
  const { projects } = await getViewer()
  for (const { slug } of projects.filter((project) => wanted === undefined || project.slug === wanted)) {
    if (link.kind === 'run') {
      if ((await orNull(api.runs.get({ project: slug, runId: link.runId }))) !== null)
        redirect(links.run(slug, link.runId))
    } else if (link.kind === 'experiment') {
      const known = await api.runs.experiments({ project: slug })
      if (known.some(({ number }) => number === link.number)) redirect(links.experiment(slug, link.number))
    } else {
      const known = await api.models.list({ project: slug })
      if (known.some(({ name }) => name === link.model)) redirect(pageOf(slug, link))
    }
  }
  return notFound()
}

function pageOf(slug: string, { model, version }: { model: string; version: number | null }): string {
  return version === null ? links.modelPage(slug, model) : links.model(slug, model, version)
}
