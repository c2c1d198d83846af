import type { Reason } from '@modelyard/contracts'
import { TRPCClientError } from '@trpc/client'
import { useTranslations } from 'next-intl'
import { useReason } from './use-reason.ts'

/** What the server says of a refusal: `details.reason` where the sentence has a code. */
type Refused = { code: string; message: string; details?: { reason?: Reason } }

/** A failed call in the reader's language: by its reason, else by its kind with the server's sentence. */
export function useRefusal(): (error: unknown) => string {
  const t = useTranslations('client.refusal')
  type Code = Parameters<typeof t>[0]
  const say = useReason()
  return (error) => {
    const message = error instanceof Error ? error.message : String(error)
    if (!(error instanceof TRPCClientError)) return message
    const refused = (error.data as { refusal?: Refused } | undefined)?.refusal
    if (refused === undefined) return message
    const reason = refused.details?.reason
    if (reason) return say({ detail: message, reason })
    return t.has(refused.code as Code) ? t(refused.code as Code, { message }) : message
  }
}
