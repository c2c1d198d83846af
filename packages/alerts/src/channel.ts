import type { DeliveryOutcome } from '@modelyard/domain'
import type { z } from 'zod'

/** What every channel gets to send. `id` is the same in every retry of one delivery. */
export type AlertMessage = {
  id: string
  at: Date
  transition: 'fired' | 'escalated' | 'acked' | 'resolved'
  payload: Record<string, unknown>
}
export type SendContext = { secret: string; allow: readonly string[] }

/** A channel is one file with one descriptor and one line in the list. */
export type Channel<S extends z.ZodObject = z.ZodObject> = {
  kind: string
  settings: S
  /** Refuses settings that can never work, before they are stored. */
  check: (settings: z.output<S>, context: { allow: readonly string[] }) => Promise<void>
  send: (settings: z.output<S>, message: AlertMessage, context: SendContext) => Promise<DeliveryOutcome>
  /** A new secret in the form receivers expect, made of 32 random bytes. */
  formatSecret: (random: Buffer) => string
}
