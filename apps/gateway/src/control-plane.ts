/** The API as this process sees it: three calls and the models' bytes, every answer checked at the border. */
import { Readable } from 'node:stream'
import { type Ingest, Ingested, type Observe, PulledSnapshot, type Snapshot } from '@modelyard/contracts/gateway'
import { inject } from '@modelyard/telemetry'
import type { AppRouter } from '@modelyard/trpc'
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client'
import type { z } from 'zod'

export type ControlPlane = {
  /** Waits up to `waitMs` for another generation than `have`; null when there was none. */
  pull: (have: number, waitMs: number) => Promise<Snapshot | null>
  observe: (observation: z.infer<typeof Observe>) => Promise<void>
  ingest: (batch: z.infer<typeof Ingest>) => Promise<z.infer<typeof Ingested>>
  blob: (sha256: string) => Promise<Readable>
}

const CALL_MS = 15_000
const BLOB_MS = 300_000
const POLL_GRACE_MS = 10_000

/** Whether the API answered that this very call can never succeed; no answer, overload and faults are worth another try. */
export function isFinalRefusal(error: unknown): boolean {
  if (!(error instanceof TRPCClientError)) return false
  const data = error.data as { httpStatus?: number } | null | undefined
  return [400, 413, 422].includes(data?.httpStatus ?? 0)
}

/**
 * `onContact` is called whenever the API answered; `stop` ends waits and downloads, not the delivery of the log. `traced`
 * runs a call in a span of its own, because none belongs to one prediction; waiting is no span.
 */
export function createControlPlane(options: {
  apiUrl: string
  token: string
  onContact: () => void
  stop: AbortSignal
  traced: <T>(operation: string, work: () => Promise<T>) => Promise<T>
}): ControlPlane {
  const { apiUrl, token, onContact, stop, traced } = options
  const headers = () => {
    const traceparent = inject()
    return { authorization: `Bearer ${token}`, ...(traceparent === null ? {} : { traceparent }) }
  }
  const trpc = createTRPCClient<AppRouter>({ links: [httpLink({ url: `${apiUrl}/trpc`, headers })] })
  const heard = <Answer>(answer: Answer): Answer => {
    onContact()
    return answer
  }
  const { gateway } = trpc
  const soon = () => ({ signal: AbortSignal.timeout(CALL_MS) })
  return {
    pull: async (have, waitMs) => {
      const signal = AbortSignal.any([stop, AbortSignal.timeout(waitMs + POLL_GRACE_MS)])
      const answer = heard(await gateway.pullSnapshot.query({ have, waitMs }, { signal }))
      return PulledSnapshot.parse(answer).snapshot
    },
    observe: async (observation) => {
      heard(await traced('observe', () => gateway.observe.mutate(observation, soon())))
    },
    ingest: async (batch) => {
      return Ingested.parse(heard(await traced('ingest', () => gateway.ingest.mutate(batch, soon()))))
    },
    blob: async (sha256) => {
      const response = await fetch(`${apiUrl}/blobs/${sha256}`, {
        headers: headers(),
        redirect: 'error',
        signal: AbortSignal.any([stop, AbortSignal.timeout(BLOB_MS)]),
      })
      if (!response.ok || !response.body) throw new Error(`the API answered ${response.status} for model ${sha256}`)
      onContact()
      return Readable.fromWeb(response.body)
    },
  }
}
