import 'server-only'
import type { Endpoint, Project } from '@modelyard/contracts'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { getViewer, orNotFound, orNull, requireApi } from './api.ts'

/** An endpoint by its name or id, as addresses carry either. */
export const getEndpoint = cache(async (project: string, nameOrId: string, windowS = 900): Promise<Endpoint> => {
  const api = await requireApi()
  const known = await orNotFound(api.endpoints.list({ project }))
  const found = known.find((item) => item.id === nameOrId || item.name === nameOrId) ?? notFound()
  return orNotFound(api.endpoints.get({ project, endpointId: found.id, windowS }))
})

/** An endpoint by id alone, for addresses that pagers carry: in whichever of the viewer's projects it is. */
export const findEndpoint = cache(async (endpointId: string): Promise<{ project: Project; endpoint: Endpoint }> => {
  const api = await requireApi()
  for (const project of (await getViewer()).projects) {
    const endpoint = await orNull(api.endpoints.get({ project: project.slug, endpointId, windowS: 300 }))
    if (endpoint !== null) return { project, endpoint }
  }
  return notFound()
})
