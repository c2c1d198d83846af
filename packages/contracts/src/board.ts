import { z } from 'zod'
import { AlertSummary } from './alert.ts'
import { IsoTime, idOf, ModelName } from './common.ts'
import { EndpointSummary } from './endpoint.ts'
import { LedgerEntry } from './ledger.ts'

/** The page Now: what is wrong, what changed, what waits. */
export const Board = z.object({
  firing: z.array(AlertSummary),
  endpoints: z.array(EndpointSummary),
  changes: z.array(LedgerEntry),
  waiting: z.object({
    approvals: z.array(
      z.object({
        approvalId: idOf('apr'),
        modelVersionId: idOf('mv'),
        model: ModelName,
        version: z.number().int(),
        requestedAt: IsoTime,
      }),
    ),
    pausedRollouts: z.array(idOf('ro')),
    queuedJobs: z.array(z.object({ jobId: idOf('job'), name: z.string(), why: z.string(), since: IsoTime })),
  }),
  runners: z.object({ online: z.number().int(), total: z.number().int() }),
})
export type Board = z.infer<typeof Board>

/** A row changed: re-read what shows it. Carries ids, never contents. */
export const Change = z.object({ noun: z.string(), id: z.string(), projectId: z.string() })
export type Change = z.infer<typeof Change>
