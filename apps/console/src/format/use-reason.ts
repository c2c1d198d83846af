import type { Reason } from '@modelyard/contracts'
import { useTranslations } from 'next-intl'

type Judged = { detail: string; reason?: Reason | undefined }

/** Says why something was judged as it was in the reader's language; where it has no code, the sentence as it was kept. */
export function useReason(): (judged: Judged) => string {
  const t = useTranslations('client.reason')
  type Code = Parameters<typeof t>[0]
  const say = ({ code, args, because = [] }: Reason): string | null => {
    // Records outlive catalogues: a code that is no more has its sentence.
    if (!t.has(code as Code)) return null
    const inner = because.map(say)
    if (inner.includes(null)) return null
    return t(code as Code, { more: 0, ...args, because: inner.join('; ') })
  }
  return ({ detail, reason }) => (reason && say(reason)) ?? detail
}
