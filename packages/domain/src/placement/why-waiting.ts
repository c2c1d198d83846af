/** Why a job waits: the first predicate that fails, as a code with numbers and one plain sentence. */
import { type Fleet, type FleetRunner, fittingDevices, isFree, mayServe, type QueuedJob } from './fleet.ts'

export const WAIT_CODES = [
  'not_yet',
  'quota',
  'no_runner',
  'project',
  'labels',
  'device_kind',
  'device_memory',
  'device_count',
  'nodes',
  'busy',
  'next_round',
] as const
export type WaitCode = (typeof WAIT_CODES)[number]

/** `needs` and `has` are the two sides of the predicate that failed: numbers, or labels. */
export type WaitReason = {
  code: WaitCode
  message: string
  needs: number | string[] | null
  has: number | string[] | null
}

/** The first failing predicate, from the widest (nobody is there) to the narrowest (all fitting devices are taken). */
export function whyWaiting(job: QueuedJob, fleet: Fleet): WaitReason {
  return whyProject(job, fleet) ?? whyRunners(job, fleet) ?? whyDevices(job, fleet)
}

function whyProject(job: QueuedJob, fleet: Fleet): WaitReason | null {
  if (job.availableAtMs > fleet.nowMs) {
    const seconds = Math.ceil((job.availableAtMs - fleet.nowMs) / 1000)
    return { code: 'not_yet', message: `waits ${seconds} s before its next try`, needs: seconds, has: 0 }
  }
  const project = fleet.projects.find(({ id }) => id === job.projectId)
  const quota = project?.quotaDevices ?? null
  const needs = job.devices * job.nodes
  if (project === undefined || quota === null || project.usedDevices + needs <= quota) return null
  const message = `the project uses ${project.usedDevices} of its ${quota} devices and this job needs ${needs} more`
  return { code: 'quota', message, needs, has: quota - project.usedDevices }
}

function whyRunners(job: QueuedJob, fleet: Fleet): WaitReason | null {
  const online = fleet.runners.filter(({ state }) => state === 'online')
  if (online.length === 0) {
    const known = fleet.runners.length
    const message = known === 0 ? 'no runner is enrolled' : `no runner is online (${known} enrolled)`
    return { code: 'no_runner', message, needs: job.nodes, has: 0 }
  }
  const allowed = online.filter(({ projectIds }) => projectIds === null || projectIds.includes(job.projectId))
  if (allowed.length === 0) {
    return { code: 'project', message: 'no runner that is online serves this project', needs: job.nodes, has: 0 }
  }
  if (allowed.some((runner) => mayServe(runner, job))) return null
  const nearest = Math.min(...allowed.map((runner) => missingLabels(runner, job).length))
  const missing = allowed.map((runner) => missingLabels(runner, job)).find(({ length }) => length === nearest) ?? []
  const message = `no runner that is online has the label${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`
  return {
    code: 'labels',
    message,
    needs: [...job.labels],
    has: job.labels.filter((label) => !missing.includes(label)),
  }
}

function missingLabels(runner: FleetRunner, job: QueuedJob): string[] {
  return job.labels.filter((label) => !runner.labels.includes(label))
}

function whyDevices(job: QueuedJob, fleet: Fleet): WaitReason {
  const able = fleet.runners.filter((runner) => mayServe(runner, job))
  const ofKind = able.map((runner) => runner.devices.filter((device) => device.healthy && device.kind === job.kind))
  if (ofKind.every(({ length }) => length === 0)) {
    return {
      code: 'device_kind',
      message: `no matching runner has a ${job.kind} device in good health`,
      needs: job.devices,
      has: 0,
    }
  }
  const largestMb = Math.max(...ofKind.flat().map(({ memMb }) => memMb))
  if (largestMb < job.memMb) {
    const message = `needs ${job.memMb} MB on a device; the largest has ${largestMb} MB`
    return { code: 'device_memory', message, needs: job.memMb, has: largestMb }
  }
  const fitting = able.map((runner) => fittingDevices(runner, job))
  const most = Math.max(...fitting.map(({ length }) => length))
  if (most < job.devices) {
    const message = `needs ${job.devices} devices on one runner; the most any has is ${most}`
    return { code: 'device_count', message, needs: job.devices, has: most }
  }
  const wide = fitting.filter(({ length }) => length >= job.devices)
  if (wide.length < job.nodes) {
    const message = `needs ${job.nodes} runners at once; ${wide.length} could serve it`
    return { code: 'nodes', message, needs: job.nodes, has: wide.length }
  }
  const ready = wide.filter((devices) => devices.filter(isFree).length >= job.devices).length
  if (ready >= job.nodes)
    return { code: 'next_round', message: 'goes out in the next planning round', needs: job.nodes, has: ready }
  const message = `all fitting devices are in use; ${ready} of ${job.nodes} needed runners are free`
  return { code: 'busy', message, needs: job.nodes, has: ready }
}
