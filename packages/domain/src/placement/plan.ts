/**
 * Which runner gets which job. Pure: a snapshot in, a plan out; the caller applies it in one guarded statement and
 * drops the plan when the snapshot has gone stale.
 */
import { type Fleet, type FleetRunner, fittingGpus, isFree, isGpu, mayServe, type QueuedJob, unitsOf } from './fleet.ts'
import { type WaitReason, whyWaiting } from './why-waiting.ts'

/** One rank of a job on one runner with the GPUs it owns (none: it takes a slot). Ranks are 0..nodes-1. */
export type Rank = { rank: number; runnerId: string; devices: number[] }
export type Placement = { jobId: string; projectId: string; ranks: Rank[] }
export type Plan = { placements: Placement[]; waiting: { jobId: string; why: WaitReason }[] }

/** A job gains one priority for each full half hour it has waited, so nothing starves behind a busy class. */
export const AGING_MS = 30 * 60_000

export function effectivePriority(job: QueuedJob, nowMs: number): number {
  return job.priority + Math.max(0, Math.floor((nowMs - job.queuedAtMs) / AGING_MS))
}

/**
 * Plan one round: higher effective priority first, inside it the project with the least units per weight, then the
 * older id. Each job takes the tightest fit. A gang gets all its nodes on distinct runners or nothing.
 */
export function plan(jobs: readonly QueuedJob[], fleet: Fleet): Plan {
  let board = fleet
  const queue = [...jobs]
  const result: Plan = { placements: [], waiting: [] }
  while (queue.length > 0) {
    const [job] = queue.splice(nextIndex(queue, board), 1)
    if (job === undefined) break
    const placement = place(job, board)
    if (placement === null) result.waiting.push({ jobId: job.id, why: whyWaiting(job, board) })
    else {
      board = take(board, job, placement)
      result.placements.push(placement)
    }
  }
  return result
}

function nextIndex(queue: readonly QueuedJob[], board: Fleet): number {
  const shares = new Map(board.projects.map(({ id, used, weight }) => [id, used / Math.max(weight, Number.EPSILON)]))
  let best = 0
  for (let index = 1; index < queue.length; index++) {
    const left = queue[index]
    const right = queue[best]
    if (left !== undefined && right !== undefined && compare(left, right, { shares, nowMs: board.nowMs }) < 0)
      best = index
  }
  return best
}

type Order = { shares: ReadonlyMap<string, number>; nowMs: number }

/** Negative when `left` goes first. */
function compare(left: QueuedJob, right: QueuedJob, { shares, nowMs }: Order): number {
  const byPriority = effectivePriority(right, nowMs) - effectivePriority(left, nowMs)
  const byShare = (shares.get(left.projectId) ?? 0) - (shares.get(right.projectId) ?? 0)
  return byPriority || byShare || (left.id < right.id ? -1 : 1)
}

function place(job: QueuedJob, board: Fleet): Placement | null {
  if (job.availableAtMs > board.nowMs || breaksQuota(job, board)) return null
  const fits = board.runners
    .filter((runner) => mayServe(runner, job))
    .flatMap((runner) => {
      const devices = pickDevices(runner, job)
      return devices === null ? [] : [{ runner, devices }]
    })
    .sort(
      (left, right) => room(left.runner, job) - room(right.runner, job) || (left.runner.id < right.runner.id ? -1 : 1),
    )
  if (fits.length < job.nodes) return null
  const ranks = fits.slice(0, job.nodes).map(({ runner, devices }, rank) => ({ rank, runnerId: runner.id, devices }))
  return { jobId: job.id, projectId: job.projectId, ranks }
}

function breaksQuota(job: QueuedJob, board: Fleet): boolean {
  const project = board.projects.find(({ id }) => id === job.projectId)
  if (project === undefined || project.quota === null) return false
  return project.used + unitsOf(job) > project.quota
}

/**
 * The fullest GPU machine first, so that large holes stay whole for large jobs. A job without a GPU prefers machines
 * without one, and among equals the one with most free slots, to spread the load on their processors.
 */
function room(runner: FleetRunner, job: QueuedJob): number {
  const freeGpus = runner.devices.filter((device) => isGpu(device) && isFree(device)).length
  if (job.gpus > 0) return freeGpus
  const freeSlots = runner.slots - runner.usedSlots
  return freeGpus * 1_000 - freeSlots
}

/** The smallest GPUs that suffice, an empty list for a slot, or null when there is too little. */
function pickDevices(runner: FleetRunner, job: QueuedJob): number[] | null {
  if (job.gpus === 0) return runner.usedSlots < runner.slots ? [] : null
  const free = fittingGpus(runner, job).filter(isFree)
  if (free.length < job.gpus) return null
  free.sort((left, right) => left.memoryMb - right.memoryMb || left.index - right.index)
  return free.slice(0, job.gpus).map(({ index }) => index)
}

/** The fleet after the placement. */
function take(board: Fleet, job: QueuedJob, placement: Placement): Fleet {
  const runners = board.runners.map((runner) => {
    const rank = placement.ranks.find(({ runnerId }) => runnerId === runner.id)
    if (rank === undefined) return runner
    const devices = runner.devices.map((device) =>
      rank.devices.includes(device.index) ? { ...device, attemptId: job.id } : device,
    )
    return { ...runner, devices, usedSlots: runner.usedSlots + (job.gpus === 0 ? 1 : 0) }
  })
  const projects = board.projects.map((project) =>
    project.id === job.projectId ? { ...project, used: project.used + unitsOf(job) } : project,
  )
  return { nowMs: board.nowMs, runners, projects }
}
