/**
 * Which runner gets which job. Pure: a snapshot in, a plan out; the caller applies it in one guarded statement and
 * drops the plan when the snapshot has gone stale.
 */
import {
  type Fleet,
  type FleetDevice,
  type FleetRunner,
  fittingDevices,
  isFree,
  mayServe,
  type ProjectShare,
  type QueuedJob,
} from './fleet.ts'
import { type WaitReason, whyWaiting } from './why-waiting.ts'

/** One rank of a job on one runner with the devices it owns. Ranks are 0..nodes-1. */
export type Rank = { rank: number; runnerId: string; devices: number[] }
export type Placement = { jobId: string; projectId: string; ranks: Rank[] }
export type Plan = { placements: Placement[]; waiting: { jobId: string; why: WaitReason }[] }

/** A job gains one priority for each full half hour it has waited, so nothing starves behind a busy class. */
export const AGING_MS = 30 * 60_000

export function effectivePriority(job: QueuedJob, nowMs: number): number {
  return job.priority + Math.max(0, Math.floor((nowMs - job.queuedAtMs) / AGING_MS))
}

/**
 * Plan one round: higher effective priority first, inside it the project with the least devices per weight, then the
 * older id. Each job takes the tightest fit. A gang gets all its nodes on distinct runners or nothing.
 */
export function plan(jobs: readonly QueuedJob[], fleet: Fleet): Plan {
  const board = newBoard(fleet)
  const queue = [...jobs]
  const result: Plan = { placements: [], waiting: [] }
  while (queue.length > 0) {
    const [job] = queue.splice(nextIndex(queue, board), 1)
    if (job === undefined) break
    const placement = place(job, board)
    if (placement === null) result.waiting.push({ jobId: job.id, why: whyWaiting(job, snapshotOf(board)) })
    else {
      take(board, job, placement)
      result.placements.push(placement)
    }
  }
  return result
}

type Board = {
  nowMs: number
  runners: FleetRunner[]
  owner: Map<string, Map<number, string>>
  projects: Map<string, ProjectShare>
}

function newBoard(fleet: Fleet): Board {
  return {
    nowMs: fleet.nowMs,
    runners: [...fleet.runners],
    owner: new Map(fleet.runners.map((runner) => [runner.id, new Map<number, string>()])),
    projects: new Map(fleet.projects.map((project) => [project.id, { ...project }])),
  }
}

/** The fleet as it stands after what this round has already given away. */
function snapshotOf(board: Board): Fleet {
  const runners = board.runners.map((runner) => ({
    ...runner,
    devices: runner.devices.map((device) => ({
      ...device,
      attemptId: device.attemptId ?? board.owner.get(runner.id)?.get(device.idx) ?? null,
    })),
  }))
  return { nowMs: board.nowMs, runners, projects: [...board.projects.values()] }
}

function shareOf(board: Board, projectId: string): number {
  const project = board.projects.get(projectId)
  return project === undefined ? 0 : project.usedDevices / Math.max(project.weight, Number.EPSILON)
}

function nextIndex(queue: readonly QueuedJob[], board: Board): number {
  let best = 0
  for (let index = 1; index < queue.length; index++) {
    const left = queue[index]
    const right = queue[best]
    if (left !== undefined && right !== undefined && goesBefore(left, right, board)) best = index
  }
  return best
}

function goesBefore(left: QueuedJob, right: QueuedJob, board: Board): boolean {
  const byPriority = effectivePriority(left, board.nowMs) - effectivePriority(right, board.nowMs)
  if (byPriority !== 0) return byPriority > 0
  const byShare = shareOf(board, left.projectId) - shareOf(board, right.projectId)
  return byShare === 0 ? left.id < right.id : byShare < 0
}

function place(job: QueuedJob, board: Board): Placement | null {
  if (job.availableAtMs > board.nowMs || breaksQuota(job, board)) return null
  const fits = board.runners
    .filter((runner) => mayServe(runner, job))
    .map((runner) => ({ runner, devices: pickDevices(runner, job, board) }))
    .filter((fit) => fit.devices !== null)
    .sort(
      (left, right) =>
        tightness(left.runner, board) - tightness(right.runner, board) || (left.runner.id < right.runner.id ? -1 : 1),
    )
  if (fits.length < job.nodes) return null
  const ranks = fits
    .slice(0, job.nodes)
    .map(({ runner, devices }, rank) => ({ rank, runnerId: runner.id, devices: devices ?? [] }))
  return { jobId: job.id, projectId: job.projectId, ranks }
}

function breaksQuota(job: QueuedJob, board: Board): boolean {
  const project = board.projects.get(job.projectId)
  if (project === undefined || project.quotaDevices === null) return false
  return project.usedDevices + job.devices * job.nodes > project.quotaDevices
}

function stillFree(board: Board, runner: FleetRunner, device: FleetDevice): boolean {
  return isFree(device) && board.owner.get(runner.id)?.has(device.idx) !== true
}

/** Fewest free devices first, so that large holes stay whole for large jobs. */
function tightness(runner: FleetRunner, board: Board): number {
  return runner.devices.filter((device) => stillFree(board, runner, device)).length
}

/** The smallest devices that suffice, or null when there are too few. */
function pickDevices(runner: FleetRunner, job: QueuedJob, board: Board): number[] | null {
  const free = fittingDevices(runner, job).filter((device) => stillFree(board, runner, device))
  if (free.length < job.devices) return null
  free.sort((left, right) => left.memMb - right.memMb || left.idx - right.idx)
  return free.slice(0, job.devices).map((device) => device.idx)
}

function take(board: Board, job: QueuedJob, placement: Placement): void {
  for (const rank of placement.ranks) {
    for (const idx of rank.devices) board.owner.get(rank.runnerId)?.set(idx, job.id)
  }
  const project = board.projects.get(job.projectId)
  if (project !== undefined) project.usedDevices += job.devices * job.nodes
}
