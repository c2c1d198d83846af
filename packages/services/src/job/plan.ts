import {
  applyPlan,
  type Db,
  type JobRow,
  lockPlan,
  notify,
  type PlannedAttempt,
  readFleet,
  readQueue,
  readShares,
  writeWhyWaiting,
} from '@modelyard/db'
import {
  type FleetDevice,
  type FleetRunner,
  OFFER_MS,
  type Placement,
  type Plan,
  plan,
  type QueuedJob,
} from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import type { Happened } from '../happened.ts'
import { announce } from './hold.ts'
import { whyOf } from './why.ts'

/** The plan no longer fitted what it found; the next round starts from the new state. */
class StalePlan extends Error {}

/**
 * One planning round: offer queued jobs to runners that fit, and write down why the others wait. Rounds of all
 * processes follow one another; a round that finds the state changed under it does nothing.
 */
export async function planJobs(ctx: Ctx): Promise<{ offered: number }> {
  try {
    const placed = await ctx.db.transaction((tx) => planRound(ctx, tx))
    for (const event of placed) ctx.happened(event)
    return { offered: placed.length }
  } catch (error) {
    if (error instanceof StalePlan) return { offered: 0 }
    throw error
  }
}

type Placed = Extract<Happened, { kind: 'job_placed' }>

async function planRound(ctx: Ctx, tx: Db): Promise<Placed[]> {
  await lockPlan(tx)
  const queue = await readQueue(tx)
  if (queue.length === 0) return []
  const fleet = await readFleet(tx)
  const shares = await readShares(tx)
  const nowMs = ctx.now().getTime()
  const runners = fleet.map(fleetRunner)
  // Jobs with and without GPUs never compete for a row, so each sort has its plan, and only GPUs have a quota.
  const queued = queue.map(queuedJob)
  const gpuProjects = shares.map(({ id, weight, gpuQuota, usedGpus }) => ({
    id,
    weight,
    quota: gpuQuota,
    used: usedGpus,
  }))
  const slotProjects = shares.map(({ id, weight, usedSlots }) => ({ id, weight, quota: null, used: usedSlots }))
  const plans = [
    plan(
      queued.filter(({ gpus }) => gpus > 0),
      { nowMs, runners, projects: gpuProjects },
    ),
    plan(
      queued.filter(({ gpus }) => gpus === 0),
      { nowMs, runners, projects: slotProjects },
    ),
  ]
  const takeSlot = slotsOf(fleet)
  const planned = plans.flatMap(({ placements }) => placements.map((each) => attemptOf(ctx, each, takeSlot)))
  await commit(ctx, tx, { queue, planned })
  await tellWhy(tx, queue, plans)
  const jobs = new Map(queue.map((job) => [job.id, job]))
  return planned.map(({ jobId, attemptId, runnerId }) => {
    const job = jobs.get(jobId)
    const waitedMs = nowMs - (job?.availableAt.getTime() ?? nowMs)
    return { kind: 'job_placed', jobId, attemptId, runnerId, waitedMs, traceparent: job?.traceparent ?? null }
  })
}

type FleetRow = Awaited<ReturnType<typeof readFleet>>[number]

function queuedJob(job: JobRow): QueuedJob {
  const { id, projectId, recipe, priority, labels, gpus, gpuMemoryMb, createdAt, availableAt } = job
  const times = { queuedAtMs: createdAt.getTime(), availableAtMs: availableAt.getTime() }
  return { id, projectId, recipe, priority, labels, gpus, gpuMemoryMb, nodes: 1, ...times }
}

const isSlot = ({ kind }: { kind: string }) => kind === 'cpu'

function fleetRunner({ runner, devices }: FleetRow): FleetRunner {
  const slots = devices.filter((device) => isSlot(device) && device.health === 'ok')
  return {
    id: runner.id,
    state: runner.state,
    labels: runner.labels,
    recipes: runner.recipes,
    slots: slots.length,
    usedSlots: slots.filter(({ attemptId }) => attemptId !== null).length,
    devices: devices
      .filter((device) => !isSlot(device))
      .map(({ index, kind, memoryMb, health, attemptId }) => ({
        index,
        kind: kind as FleetDevice['kind'],
        memoryMb,
        health,
        attemptId,
      })),
  }
}

/** Hands out a free slot of a runner, each once in this round. */
function slotsOf(fleet: FleetRow[]): (runnerId: string) => number {
  const free = new Map(
    fleet.map(({ runner, devices }) => [
      runner.id,
      devices.filter((device) => isSlot(device) && device.health === 'ok' && device.attemptId === null),
    ]),
  )
  return (runnerId) => {
    const slot = free.get(runnerId)?.shift()
    if (!slot) throw new Error(`the plan gave away more slots than runner ${runnerId} has`)
    return slot.index
  }
}

function attemptOf(ctx: Ctx, placement: Placement, takeSlot: (runnerId: string) => number): PlannedAttempt {
  const [rank] = placement.ranks
  if (!rank) throw new Error(`job ${placement.jobId} was placed nowhere`)
  const { runnerId } = rank
  const devices = rank.devices.length > 0 ? rank.devices : [takeSlot(runnerId)]
  return { jobId: placement.jobId, attemptId: ctx.newId('att'), runnerId, devices }
}

async function commit(ctx: Ctx, tx: Db, args: { queue: JobRow[]; planned: PlannedAttempt[] }): Promise<void> {
  const { queue, planned } = args
  if (planned.length === 0) return
  const now = ctx.now()
  if (!(await applyPlan(tx, { planned, now, offerUntil: new Date(now.getTime() + OFFER_MS) }))) throw new StalePlan()
  // One runner a message: a list would break at 8000 bytes.
  for (const runnerId of new Set(planned.map((each) => each.runnerId)))
    await notify(tx, { channel: 'modelyard_runner', payload: { runnerId } })
  for (const job of queue.filter(({ id }) => planned.some(({ jobId }) => jobId === id)))
    await announce(tx, job.projectId, [{ noun: 'job', id: job.id }])
}

async function tellWhy(tx: Db, queue: JobRow[], plans: Plan[]): Promise<void> {
  const jobs = new Map(queue.map((job) => [job.id, job]))
  const reasons = plans
    .flatMap(({ waiting }) => waiting)
    .flatMap(({ jobId, why }) => {
      const job = jobs.get(jobId)
      return job ? [{ jobId, why: whyOf(job, why) }] : []
    })
  for (const jobId of await writeWhyWaiting(tx, reasons)) {
    const job = jobs.get(jobId)
    if (job) await announce(tx, job.projectId, [{ noun: 'job', id: jobId }])
  }
}
