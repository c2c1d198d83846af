import type { Loop } from '../loop.ts'
import type { Wired } from '../wire.ts'
import { census } from './census.ts'
import { deliveries } from './deliveries.ts'
import { drift } from './drift.ts'
import { evaluations } from './evaluations.ts'
import { leases } from './leases.ts'
import { outbox } from './outbox.ts'
import { planner } from './planner.ts'
import { rollouts } from './rollouts.ts'
import { schedules } from './schedules.ts'
import { storage } from './storage.ts'
import { webhooks } from './webhooks.ts'

/** Everything this process looks after. Adding a loop is a file and a line. */
export const LOOPS = {
  rollouts,
  planner,
  leases,
  outbox,
  deliveries,
  webhooks,
  evaluations,
  drift,
  storage,
  schedules,
  census,
} as const satisfies Record<string, Loop<Wired>>
export type LoopName = keyof typeof LOOPS
