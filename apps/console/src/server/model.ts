import 'server-only'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { orNotFound, requireApi } from './api.ts'

/** A model's name out of an address, where it stands percent-encoded. */
export function modelOf(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return notFound()
  }
}

/** One version for all parts of a page and its frame; an unknown one is a 404. */
export const getVersion = cache(async (project: string, model: string, version: string) => {
  if (!/^[1-9]\d{0,8}$/.test(version)) notFound()
  const api = await requireApi()
  return orNotFound(api.models.get({ project, model: modelOf(model), version: Number(version) }))
})

/** The same with its card. */
export const getCard = cache(async (project: string, model: string, version: string) => {
  const { id } = await getVersion(project, model, version)
  const api = await requireApi()
  return orNotFound(api.modelCard.get({ project, modelVersionId: id }))
})
