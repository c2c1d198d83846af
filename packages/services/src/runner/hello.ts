import { type Greeted, type Hello, PROTOCOL_VERSION } from '@modelyard/contracts'
import {
  type AttemptRow,
  findRunner,
  greetRunner,
  type JobRow,
  listLiveAttempts,
  lockRunner,
  notify,
  renewLeases,
  reportDevices,
  spendEnrolTokenOf,
} from '@modelyard/db'
import { LEASE_DEFAULTS, refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { asRunner } from '../access.ts'
import type { Ctx } from '../context.ts'
import { endInTransaction } from '../job/end.ts'

const POLL_MS = 25_000

type Held = { attempt: AttemptRow; job: JobRow }
type HelloInput = z.output<typeof Hello>

/**
 * Open a session. What the runner lists and really holds it keeps; what it lists and does not hold it must kill. What
 * it holds and does not list is gone: that is proof, so those attempts end at once, as all do that it does not list
 * after a reboot.
 */
export async function helloRunner(ctx: Ctx, input: HelloInput): Promise<z.output<typeof Greeted>> {
  const { runnerId } = asRunner(ctx)
  if (input.protocol < PROTOCOL_VERSION)
    refuse('upgrade', `this server speaks protocol ${PROTOCOL_VERSION}`, {
      field: 'protocol',
      details: { min: PROTOCOL_VERSION },
    })
  const before = await findRunner(ctx.db, runnerId)
  if (!before) return refuse('not_found', `there is no runner ${runnerId}`)
  const held = await listLiveAttempts(ctx.db, runnerId)
  await endGone(ctx, { held, input, rebooted: before.bootId !== null && before.bootId !== input.bootId })
  const { leaseMs, beatMs } = LEASE_DEFAULTS
  const keep = await renewLeases(ctx.db, { runnerId, live: input.live, now: ctx.now(), leaseMs })
  await open(ctx, runnerId, input)
  const kill = input.live.map(({ attemptId }) => attemptId).filter((id) => !keep.includes(id))
  return { keep, kill, beatMs, leaseMs, pollMs: POLL_MS }
}

async function endGone(ctx: Ctx, args: { held: Held[]; input: HelloInput; rebooted: boolean }): Promise<void> {
  const listed = ({ attempt }: Held) =>
    args.input.live.some(({ attemptId, fence }) => attemptId === attempt.id && fence === attempt.fence)
  for (const each of args.held.filter((one) => !listed(one))) {
    const { attempt, job } = each
    // An offer is not work yet: the next poll hands it out again.
    if (attempt.state === 'offered') continue
    ctx.log.warn(
      { attemptId: attempt.id, jobId: job.id, rebooted: args.rebooted },
      'the runner no longer has an attempt',
    )
    await endInTransaction(
      ctx,
      { attemptId: attempt.id, jobId: job.id, end: { kind: 'lost' }, takeRunnerOut: false },
      (row) => row.fence === attempt.fence && row.state !== 'offered',
    )
  }
}

/** Devices before the runner's row, as the end of an attempt does, so that the two never wait for each other. */
async function open(ctx: Ctx, runnerId: string, input: HelloInput): Promise<void> {
  const { devices, ...facts } = input.facts
  await ctx.db.transaction(async (tx) => {
    await reportDevices(tx, { runnerId, devices, slots: facts.slots })
    const known = await lockRunner(tx, runnerId)
    if (known?.lastSeenAt === null && !(await spendEnrolTokenOf(tx, runnerId)))
      refuse('forbidden', 'another runner has used up the enrolment token that let this one in')
    await greetRunner(tx, runnerId, {
      ...facts,
      sessionId: input.sessionId,
      bootId: input.bootId,
      lastSeenAt: ctx.now(),
    })
    await notify(tx, { channel: 'modelyard_plan', payload: {} })
  })
}
