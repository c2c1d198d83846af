import 'server-only'
import type { Project, Viewer } from '@modelyard/contracts'
import { createConsoleCaller } from '@modelyard/trpc'
import { TRPCError } from '@trpc/server'
import { headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { cache } from 'react'
import { callFor } from '../wire.ts'

/** The console's procedures, called in this process for whoever holds the request's session. */
export const getApi = cache(async () => {
  const call = await callFor(await headers())
  return { api: createConsoleCaller(call), signedIn: call.ctx !== null }
})
export type Api = Awaited<ReturnType<typeof getApi>>['api']

/** The same, for pages: nobody is sent to sign in and comes back to where they were going. */
export const requireApi = cache(async () => {
  const { api, signedIn } = await getApi()
  if (!signedIn) redirect(`/login?next=${encodeURIComponent((await headers()).get('x-path') ?? '/')}`)
  return api
})

/** Who looks, and which projects they see. */
export const getViewer = cache(async (): Promise<Viewer> => (await requireApi()).account.viewer())

/** The project of the address as the viewer sees it; a foreign one and an unknown one are the same 404. */
export const getProject = cache(async (slug: string): Promise<Project> => {
  const project = (await getViewer()).projects.find((item) => item.slug === slug)
  return project ?? notFound()
})

/** Awaits a read; null for what does not exist, or whose id has the wrong form. */
export async function orNull<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read
  } catch (error) {
    if (error instanceof TRPCError && (error.code === 'NOT_FOUND' || error.code === 'BAD_REQUEST')) return null
    throw error
  }
}

/** The same, as the page "not found". */
export async function orNotFound<T>(read: Promise<T>): Promise<T> {
  return (await orNull(read)) ?? notFound()
}
