import { z } from 'zod'
import { ActorRef, IsoTime, PageInput, Slug, Text } from './common.ts'

export const LedgerEntry = z.object({
  seq: z.number().int(),
  at: IsoTime,
  actor: ActorRef,
  /** noun.verb, for example `rollout.rolled_back`. */
  action: z.string(),
  targetKind: z.string(),
  targetId: z.string(),
  summary: z.string(),
  detail: z.record(z.string(), z.unknown()),
  hash: z.string(),
  prevHash: z.string(),
})
export type LedgerEntry = z.infer<typeof LedgerEntry>
export const ListLedger = PageInput.extend({
  project: Slug,
  targetId: Text.max(64).optional(),
  action: Text.max(64).optional(),
})
export const ChainStatus = z.object({
  verified: z.boolean(),
  entries: z.number().int(),
  headHash: z.string().nullable(),
  firstBadSeq: z.number().int().nullable(),
  checkedAt: IsoTime,
})
