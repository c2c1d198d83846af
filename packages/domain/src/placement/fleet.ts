/** What the planner sees: one snapshot of the fleet and the queue, taken in one transaction. */

export const RUNNER_STATES = ['online', 'offline', 'draining', 'disabled'] as const
export type RunnerState = (typeof RUNNER_STATES)[number]
export const DEVICE_KINDS = ['nvidia', 'amd', 'mps', 'cpu'] as const
export type DeviceKind = (typeof DEVICE_KINDS)[number]
export const DEVICE_HEALTH = ['ok', 'suspect', 'bad'] as const
export type DeviceHealth = (typeof DEVICE_HEALTH)[number]

/** One accelerator; `attemptId` is its one owner. */
export type FleetDevice = {
  index: number
  kind: DeviceKind
  memoryMb: number
  health: DeviceHealth
  attemptId: string | null
}

/** `slots`: attempts without a GPU that may run at once; `usedSlots`: those that do. GPU attempts own devices instead. */
export type FleetRunner = {
  id: string
  state: RunnerState
  labels: readonly string[]
  recipes: readonly string[]
  slots: number
  usedSlots: number
  devices: readonly FleetDevice[]
}

/** A job's need on each of `nodes` distinct runners: `gpus` devices of at least `gpuMemoryMb`, or one slot when 0. */
export type QueuedJob = {
  id: string
  projectId: string
  recipe: string
  priority: number
  labels: readonly string[]
  gpus: number
  gpuMemoryMb: number
  nodes: number
  queuedAtMs: number
  availableAtMs: number
}

/** Fair share: units in use (devices and slots) over weight; a quota is a hard limit on them (null: none). */
export type ProjectShare = { id: string; weight: number; quota: number | null; used: number }

export type Fleet = { nowMs: number; runners: readonly FleetRunner[]; projects: readonly ProjectShare[] }

/** Devices and slots that a job takes in all. */
export function unitsOf(job: QueuedJob): number {
  return job.nodes * Math.max(1, job.gpus)
}

/** Whether a device may be given away now. */
export function isFree(device: FleetDevice): boolean {
  return device.health === 'ok' && device.attemptId === null
}

export function isGpu(device: FleetDevice): boolean {
  return device.kind !== 'cpu'
}

/** Whether the runner may serve the job at all, were it idle: state, recipe and labels. */
export function mayServe(runner: FleetRunner, job: QueuedJob): boolean {
  if (runner.state !== 'online' || !runner.recipes.includes(job.recipe)) return false
  return job.labels.every((label) => runner.labels.includes(label))
}

/** GPUs of the runner that are healthy and large enough, whether free or not. */
export function fittingGpus(runner: FleetRunner, job: QueuedJob): FleetDevice[] {
  return runner.devices.filter(
    (device) => isGpu(device) && device.health === 'ok' && device.memoryMb >= job.gpuMemoryMb,
  )
}
