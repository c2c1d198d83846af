import 'server-only'
import type { Api } from './api.ts'

export type Deployable = { id: string; label: string }

/** Versions that may go to an endpoint, the newest first: approved ones. */
export async function deployableVersions(api: Api, project: string): Promise<Deployable[]> {
  const models = await api.models.list({ project })
  const versions = await Promise.all(models.map((model) => api.models.versions({ project, model: model.name })))
  return versions
    .flat()
    .filter((version) => version.stage === 'approved')
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
    .map((version) => ({ id: version.id, label: `${version.model} v${version.version}` }))
}
