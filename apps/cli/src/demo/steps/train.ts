import { newKey, until } from '../client.ts'
import { expectThat, percent, type Stage, type Step } from '../stage.ts'

type Training = { name: string; datasetVersionId: string; hidden: number; epochs: number; key: string }

/** Submit, wait for a runner to finish it, and answer the registered version. */
export async function train(stage: Stage, { name, datasetVersionId, hidden, epochs, key }: Training) {
  const { api, project } = stage
  const job = await api.trpc.jobs.submit.mutate({
    project,
    name,
    recipe: 'tabular-mlp',
    datasetVersionId,
    params: { hidden, epochs },
    seed: 11,
    model: 'digits',
    codeCommit: stage.commit,
    fenceAfterS: 20,
    idempotencyKey: newKey(),
  })
  const ended = await until(
    `the job ${name} to end`,
    async () => {
      const now = await api.trpc.jobs.get.query({ project, jobId: job.id })
      return ['succeeded', 'failed', 'canceled'].includes(now.state) ? now : null
    },
    180_000,
  )
  const reason = ended.attemptList.at(-1)?.reason ?? 'no reason'
  expectThat(
    ended.state === 'succeeded' && ended.modelVersionId !== null,
    `the job ${name} ended as ${ended.state}: ${reason}`,
  )
  stage.ids[key] = ended.modelVersionId
  const version = await api.trpc.models.get.query({ project, modelVersionId: ended.modelVersionId })
  const { lineage } = version
  const isTraced = lineage.jobId === job.id && lineage.runId === job.runId && lineage.codeCommit === stage.commit
  expectThat(isTraced && lineage.datasetVersionId === datasetVersionId, `the lineage of ${name} is not whole`)
  const tested = version.evaluations.find(({ split }) => split === 'test')
  expectThat(tested !== undefined, `${name} has no evaluation on its test rows`)
  return { job: ended, version, tested }
}

export const first: Step = {
  title: 'training',
  run: async (stage) => {
    const nobody = await stage.api.trpc.jobs.submit.mutate({
      project: stage.project,
      name: 'for a machine nobody has',
      recipe: 'tabular-mlp',
      datasetVersionId: stage.ids.dataset ?? '',
      model: 'digits',
      gpus: 8,
      gpuMemoryMb: 80_000,
      idempotencyKey: newKey(),
    })
    const { job, version, tested } = await train(stage, {
      name: 'softmax on the first writers',
      datasetVersionId: stage.ids.dataset ?? '',
      hidden: 0,
      epochs: 40,
      key: 'v1',
    })
    const run = await stage.api.trpc.runs.get.query({ project: stage.project, runId: job.runId })
    const log = await stage.api.trpc.jobs.log.query({ project: stage.project, runId: job.runId, offset: 0 })
    const waits = await until(
      'the reason why a job waits',
      async () => (await stage.api.trpc.jobs.get.query({ project: stage.project, jobId: nobody.id })).whyWaiting,
    )
    await stage.api.trpc.jobs.cancel.mutate({ project: stage.project, jobId: nobody.id, idempotencyKey: newKey() })
    expectThat(log.totalBytes > 0 && Object.keys(run.metrics).length > 0, 'the run has no log or no metrics')
    const shape = version.signature?.inputs[0]?.shape.join(' x ')
    return {
      saw: `run by ${job.attemptList.at(-1)?.runner.name}, ${Object.keys(run.metrics).length} metrics, ${log.totalBytes} log bytes; digits v${version.version}: test accuracy ${percent(tested.accuracy)}, macro F1 ${tested.macroF1.toFixed(3)}, p95 ${tested.latencyMs.p95.toFixed(2)} ms, input ${shape}; an impossible job says: "${waits.message}"`,
      page: `/${stage.project}/runs/${job.runId}`,
    }
  },
}

/** Gates, then the approval of another person, bound to the digest they saw. */
export async function approve(stage: Stage, modelVersionId: string): Promise<number> {
  const { api, reviewer, project } = stage
  const version = await api.trpc.models.get.query({ project, modelVersionId })
  const failed = version.gates.filter(({ pass }) => !pass)
  expectThat(
    failed.length === 0,
    `digits v${version.version} fails its gates: ${failed.map(({ detail }) => detail).join('; ')}`,
  )
  const approval = await api.trpc.models.requestApproval.mutate({ project, modelVersionId, idempotencyKey: newKey() })
  const decision = {
    project,
    approvalId: approval.id,
    digest: version.sha256,
    decision: 'approve',
    comment: 'gates and report read',
    idempotencyKey: newKey(),
  } as const
  const own = await api.trpc.models.decideApproval.mutate(decision).then(
    () => 'taken',
    () => 'refused',
  )
  expectThat(own === 'refused', 'a person could approve what they asked approval for themselves')
  await reviewer.trpc.models.decideApproval.mutate({ ...decision, idempotencyKey: newKey() })
  return version.version
}
