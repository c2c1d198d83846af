import { Accepted, idOf } from '@modelyard/contracts'
import { z } from 'zod'

/** What the agent keeps of an attempt it accepted. */
export const Kept = z.object({ attemptId: idOf('att'), jobId: z.string(), recipe: z.string(), accepted: Accepted })
export type Kept = z.infer<typeof Kept>
