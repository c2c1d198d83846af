'use client'
import type { ConsoleRouter } from '@modelyard/trpc'
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client'

const url = '/api/trpc'

/** The browser's door to the console's procedures; the session cookie says who calls. */
export const api = createTRPCClient<ConsoleRouter>({
  links: [
    splitLink({
      condition: (operation) => operation.type === 'subscription',
      true: httpSubscriptionLink({ url }),
      false: httpBatchLink({ url, maxURLLength: 6_000 }),
    }),
  ],
})

/** A key for one intended effect: made when a form opens, sent with every try of it. */
export function mintKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
