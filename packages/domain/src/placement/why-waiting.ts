/** Why a job waits: the first predicate that fails, as a code with numbers and one plain sentence. */
import { type Fleet, type FleetRunner, fittingGpus, isFree, isGpu, mayServe, type QueuedJob, unitsOf } from './fleet.ts'

/** In the order in which they are looked at. */
export const WAIT_CODES = [
  'not_yet',
  'quota',
  'no_runner',
  'recipe',
  'labels',
  'gpu',
  'gpu_memory',
  'gpu_count',
  'slots',
  'nodes',
  'busy',
  'next_round',
] as const
export type WaitCode = (typeof WAIT_CODES)[number]

/** `numbers.needs` and `numbers.has` are the two sides of the predicate that failed. */
export type WaitReason = { code: WaitCode; message: string; numbers: { needs: number; has: number } }

/** The first failing predicate, from the widest (nobody is there) to the narrowest (all that fits is taken). */
export function whyWaiting(job: QueuedJob, fleet: Fleet): WaitReason {
  return whyProject(job, fleet) ?? whyRunners(job, fleet) ?? whyCapacity(job, fleet) ?? whyNow(job, fleet)
}

function reason(code: WaitCode, message: string, [needs, has]: [number, number]): WaitReason {
  return { code, message, numbers: { needs, has } }
}

function whyProject(job: QueuedJob, fleet: Fleet): WaitReason | null {
  if (job.availableAtMs > fleet.nowMs) {
    const seconds = Math.ceil((job.availableAtMs - fleet.nowMs) / 1000)
    return reason('not_yet', `waits ${seconds} s before its next try`, [seconds, 0])
  }
  const project = fleet.projects.find(({ id }) => id === job.projectId)
  const quota = project?.quota ?? null
  const needs = unitsOf(job)
  if (project === undefined || quota === null || project.used + needs <= quota) return null
  const message = `the project uses ${project.used} of its quota of ${quota} and this job needs ${needs} more`
  return reason('quota', message, [needs, Math.max(0, quota - project.used)])
}

function whyRunners(job: QueuedJob, fleet: Fleet): WaitReason | null {
  const online = fleet.runners.filter(({ state }) => state === 'online')
  if (online.length === 0) {
    const known = fleet.runners.length
    const message = known === 0 ? 'no runner is enrolled' : `no runner is online (${known} enrolled)`
    return reason('no_runner', message, [job.nodes, 0])
  }
  const trained = online.filter(({ recipes }) => recipes.includes(job.recipe))
  if (trained.length === 0) {
    return reason('recipe', `no runner that is online has the recipe ${job.recipe}`, [job.nodes, 0])
  }
  if (trained.some((runner) => mayServe(runner, job))) return null
  const [nearest = []] = trained
    .map((runner) => missingLabels(runner, job))
    .sort((left, right) => left.length - right.length)
  const noun = nearest.length > 1 ? 'labels' : 'label'
  const message = `no runner that is online has the ${noun} ${nearest.join(', ')}`
  return reason('labels', message, [job.labels.length, job.labels.length - nearest.length])
}

function missingLabels(runner: FleetRunner, job: QueuedJob): string[] {
  return job.labels.filter((label) => !runner.labels.includes(label))
}

/** Whether the fleet could serve it, were it idle. */
function whyCapacity(job: QueuedJob, fleet: Fleet): WaitReason | null {
  const able = fleet.runners.filter((runner) => mayServe(runner, job))
  const wide = able.filter((runner) =>
    job.gpus === 0 ? runner.slots > 0 : fittingGpus(runner, job).length >= job.gpus,
  )
  if (wide.length === 0) return job.gpus === 0 ? whySlots(able) : whyGpus(job, able)
  if (wide.length >= job.nodes) return null
  return reason('nodes', `needs ${job.nodes} runners at once; ${wide.length} could serve it`, [job.nodes, wide.length])
}

function whySlots(able: readonly FleetRunner[]): WaitReason {
  return reason('slots', `none of the ${able.length} matching runners offers a slot`, [1, 0])
}

function whyGpus(job: QueuedJob, able: readonly FleetRunner[]): WaitReason {
  const gpus = able.flatMap((runner) => runner.devices.filter((device) => isGpu(device) && device.health === 'ok'))
  if (gpus.length === 0) return reason('gpu', 'no matching runner has a GPU in good health', [job.gpus, 0])
  const largestMb = Math.max(...gpus.map(({ memoryMb }) => memoryMb))
  if (largestMb < job.gpuMemoryMb) {
    const message = `needs ${job.gpuMemoryMb} MB on a GPU; the largest has ${largestMb} MB`
    return reason('gpu_memory', message, [job.gpuMemoryMb, largestMb])
  }
  const most = Math.max(...able.map((runner) => fittingGpus(runner, job).length))
  const message = `needs ${job.gpus} such GPUs on one runner; the most any has is ${most}`
  return reason('gpu_count', message, [job.gpus, most])
}

function whyNow(job: QueuedJob, fleet: Fleet): WaitReason {
  const ready = fleet.runners.filter((runner) => mayServe(runner, job) && hasRoom(runner, job)).length
  if (ready >= job.nodes) return reason('next_round', 'goes out in the next planning round', [job.nodes, ready])
  const message =
    job.nodes === 1 ? 'every runner that fits is busy' : `${ready} of ${job.nodes} runners it needs are free`
  return reason('busy', message, [job.nodes, ready])
}

function hasRoom(runner: FleetRunner, job: QueuedJob): boolean {
  if (job.gpus === 0) return runner.usedSlots < runner.slots
  return fittingGpus(runner, job).filter(isFree).length >= job.gpus
}
