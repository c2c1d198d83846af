/** What the planner sees: one snapshot of the fleet and the queue, taken in one transaction. */

export const RUNNER_STATES = ['online', 'offline', 'draining', 'disabled'] as const
export type RunnerState = (typeof RUNNER_STATES)[number]
export const DEVICE_KINDS = ['gpu', 'cpu'] as const
/** A machine without a GPU offers CPU slots; a job says which kind it needs. */
export type DeviceKind = (typeof DEVICE_KINDS)[number]

export type FleetDevice = { idx: number; kind: DeviceKind; memMb: number; healthy: boolean; attemptId: string | null }
/** `projectIds` null: the runner's pool serves every project. */
export type FleetRunner = {
  id: string
  state: RunnerState
  labels: readonly string[]
  projectIds: readonly string[] | null
  devices: readonly FleetDevice[]
}

/** What a queued job asks for: `devices` of one kind with at least `memMb` each, on each of `nodes` distinct runners. */
export type JobNeed = { labels: readonly string[]; kind: DeviceKind; devices: number; memMb: number; nodes: number }
export type QueuedJob = JobNeed & {
  id: string
  projectId: string
  priority: number
  queuedAtMs: number
  availableAtMs: number
}

/** Fair share: devices in use over weight; a quota is a hard limit on devices in use (null: none). */
export type ProjectShare = { id: string; weight: number; quotaDevices: number | null; usedDevices: number }

export type Fleet = { nowMs: number; runners: readonly FleetRunner[]; projects: readonly ProjectShare[] }

/** Whether a device may be given away now. */
export function isFree(device: FleetDevice): boolean {
  return device.healthy && device.attemptId === null
}

/** Whether the runner may serve the job at all, were it idle: state, pool and labels. */
export function mayServe(runner: FleetRunner, job: QueuedJob): boolean {
  if (runner.state !== 'online') return false
  if (runner.projectIds !== null && !runner.projectIds.includes(job.projectId)) return false
  return job.labels.every((label) => runner.labels.includes(label))
}

/** Devices of the runner that are of the right kind and size, whether free or not. */
export function fittingDevices(runner: FleetRunner, need: JobNeed): FleetDevice[] {
  return runner.devices.filter((device) => device.healthy && device.kind === need.kind && device.memMb >= need.memMb)
}
