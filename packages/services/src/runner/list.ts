import type { RunnerCard } from '@modelyard/contracts'
import { listLiveJobs, listRunnerRows, SLOT_INDEX } from '@modelyard/db'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'

/** Every runner with its devices and slots. Jobs are named where they are of this project; of others only the use shows. */
export async function listRunners(ctx: Ctx, input: { project: string }): Promise<RunnerCard[]> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const live = await listLiveJobs(ctx.db, project.id)
  return (await listRunnerRows(ctx.db)).map(({ runner, devices }) => ({
    id: runner.id,
    name: runner.name,
    state: runner.state,
    labels: runner.labels,
    version: runner.version,
    slots: runner.slots,
    cpus: runner.cpus,
    memoryMb: runner.memoryMb,
    devices: devices.map(({ index, kind, model, memoryMb, health, attemptId }) => ({
      index: index >= SLOT_INDEX ? index - SLOT_INDEX : index,
      kind,
      model,
      memoryMb,
      health,
      attemptId,
    })),
    lastSeenAt: runner.lastSeenAt?.toISOString() ?? null,
    jobs: live.filter(({ runnerId }) => runnerId === runner.id).map(({ jobId, name }) => ({ jobId, name })),
  }))
}
