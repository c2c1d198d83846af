import { notFound, redirect } from 'next/navigation'
import { links } from '../../../../links.ts'
import { type Api, getProject, orNotFound, requireApi } from '../../../../server/api.ts'

type Find = (api: Api, project: string, id: string) => Promise<string>

/** How the page of each kind of id is found. */
const finders: Record<string, Find> = {
  run: async (_api, project, id) => links.run(project, id),
  job: async (_api, project, id) => links.job(project, id),
  alt: async (_api, _project, id) => links.alert(id),
  rnr: async (_api, project) => links.jobs(project),
  prj: async (_api, project) => links.now(project),
  key: async (_api, project) => links.settings(project),
  chn: async (_api, project) => links.settings(project),
  ds: async (api, project, id) => {
    const found = (await api.datasets.list({ project })).find((item) => item.id === id) ?? notFound()
    return links.dataset(project, found.name, found.latest.version)
  },
  dsv: async (api, project, id) => {
    const { name, version } = await api.datasets.get({ project, id })
    return links.dataset(project, name, version)
  },
  mdl: async (api, project, id) => {
    const found = (await api.models.list({ project })).find((item) => item.id === id)
    return found === undefined ? notFound() : links.modelPage(project, found.name)
  },
  mv: async (api, project, id) => {
    const { model, version } = await api.models.get({ project, modelVersionId: id })
    return links.model(project, model, version)
  },
  whk: async (_api, project, id) => `${links.webhooks(project)}?webhook=${id}`,
  ep: async (api, project, id) => links.endpoint(project, (await api.endpoints.get({ project, endpointId: id })).name),
  ro: async (api, project, id) =>
    links.rollout(project, (await api.rollouts.get({ project, rolloutId: id })).endpoint, id),
  drf: async (api, project, id) => links.drift(project, (await api.drift.get({ project, reportId: id })).endpoint, id),
}

/** Leads from an id to its page, so that every list of ids can be a list of links without knowing the nouns. */
export default async function GoPage({ params }: { params: Promise<{ project: string; id: string }> }) {
  const { project, id } = await params
  await getProject(project)
  const find = finders[id.split('_')[0] ?? ''] ?? notFound()
  redirect(await orNotFound(find(await requireApi(), project, id)))
}
