import type { AppRouter } from '@modelyard/trpc'
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client'
import { patiently, Refused, type Server } from './wire.ts'

export type Target = {
  /** Ours, as MLflow clients see it. */
  server: Server
  imports: ReturnType<typeof connect>
  /** What every call of the import says. */
  base: { project: string; from: string }
  /** Our verbs, with the patience of the rest. */
  call: <T>(work: () => Promise<T>) => Promise<T>
}

export type TargetAddress = { apiUrl: string; key: string; project: string; from: string }

function connect(apiUrl: string, headers: Record<string, string>) {
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${apiUrl}/trpc`, headers })] }).console.imports
}

/** Our side of an import: one key for the verbs and for MLflow's protocol. */
export function openTarget({ apiUrl, key, project, from }: TargetAddress): Target {
  const headers = { authorization: `Bearer ${key}` }
  return {
    server: { base: `${apiUrl}/projects/${project}`, headers },
    imports: connect(apiUrl, headers),
    base: { project, from },
    call: (work) =>
      patiently(async () => {
        try {
          return await work()
        } catch (error) {
          throw refusedOf(error) ?? error
        }
      }),
  }
}

/** A call that was answered with a no, or with a fault of the server; null where nobody answered. */
function refusedOf(error: unknown): Error | null {
  if (!(error instanceof TRPCClientError)) return null
  const status = (error.data as { httpStatus?: number } | undefined)?.httpStatus
  if (status === undefined) return new Refused(error.message, { status: 503, code: 'UNREACHABLE' })
  return new Refused(error.message, { status, code: String(status) })
}
