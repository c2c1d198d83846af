import { RegisterDataset, RunnerFacts, SubmitJob } from '@modelyard/contracts'
import { type Db, insertBlobAccess } from '@modelyard/db'
import type { z } from 'zod'
import type { Ctx } from '../context.ts'
import { registerDataset } from '../dataset/register.ts'
import type { Arm } from '../hub.ts'
import { acceptOffer } from '../job/accept.ts'
import { planJobs } from '../job/plan.ts'
import { submitJob } from '../job/submit.ts'
import { createEnrolToken, enrolRunner } from '../runner/enrol.ts'
import { helloRunner } from '../runner/hello.ts'
import { pollRunner } from '../runner/poll.ts'
import { type TestStage, testStage } from './context.ts'

type Facts = z.input<typeof RunnerFacts>

export type TestRunner = {
  ctx: Ctx
  runnerId: string
  hello: (more?: {
    live?: { attemptId: string; fence: number }[]
    bootId?: string
    facts?: Partial<Facts>
  }) => ReturnType<typeof helloRunner>
  /** Looks once, without waiting. */
  poll: () => ReturnType<typeof pollRunner>
  /** Plans, polls and accepts the one offer that must be there. */
  take: () => Promise<{ attemptId: string; jobId: string; fence: number }>
}

export type TrainingStage = TestStage & {
  system: Ctx
  datasetVersionId: string
  submit: (more?: Partial<z.input<typeof SubmitJob>>, ctx?: Ctx) => ReturnType<typeof submitJob>
  /** Enrolled, and greeted unless told otherwise. */
  runner: (facts?: Partial<Facts>) => Promise<TestRunner>
  key: () => string
}

/** Looks without ever waiting. */
export const noWait: { arm: Arm } = { arm: () => ({ wait: async () => {}, disarm: () => {} }) }

export function csvOf(rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => `${(row % 3) * 5 + (row % 7)},${row},${'abc'[row % 3]}`)
  return `width,height,kind\n${lines.join('\n')}\n`
}

export function factsOf(more: Partial<Facts> = {}): Facts {
  const base = { name: 'runner', version: '1', labels: [], slots: 1, cpus: 2, memoryMb: 4000, devices: [] }
  return { ...base, recipes: ['tabular-mlp'], ...more }
}

export const gpuOf = (index: number, memoryMb = 16_000): Facts['devices'][number] => ({
  index,
  kind: 'nvidia',
  uuid: `GPU-${index}`,
  model: 'test',
  memoryMb,
  health: 'ok',
})

/** A stage with a dataset version and the means to enrol runners and to submit jobs, through the real verbs. */
export async function trainingStage(db: Db, setting: { slug?: string } = {}): Promise<TrainingStage> {
  const stage = await testStage(db, setting)
  const project = stage.project.slug
  const editor = stage.as('editor')
  let keys = 0
  const key = () => `key-${project}-${++keys}`
  const blob = await editor.blobs.put(Buffer.from(csvOf(60)))
  await insertBlobAccess(db, { projectId: stage.project.id, ...blob, now: editor.now() })
  const dataset = {
    project,
    name: 'shapes',
    sha256: blob.sha256,
    format: 'csv',
    labelColumn: 'kind',
    split: { kind: 'stratified', train: 0.6, validation: 0.2, test: 0.2, seed: 7 },
    thresholds: { minPerClass: 1 },
    idempotencyKey: key(),
  } as const
  const { id: datasetVersionId } = await registerDataset(editor, RegisterDataset.parse(dataset))
  const submit: TrainingStage['submit'] = (more = {}, ctx = editor) =>
    submitJob(
      ctx,
      SubmitJob.parse({
        project,
        name: 'a job',
        recipe: 'tabular-mlp',
        datasetVersionId,
        model: 'shapes',
        idempotencyKey: key(),
        ...more,
      }),
    )
  const system = stage.ctx({ kind: 'system', name: 'worker' })
  const runner = (facts: Partial<Facts> = {}) => enrolled({ stage, key, system }, facts)
  return { ...stage, system, datasetVersionId, submit, runner, key }
}

async function enrolled(
  args: { stage: TestStage; key: () => string; system: Ctx },
  facts: Partial<Facts>,
): Promise<TestRunner> {
  const { stage, system } = args
  const { token } = await createEnrolToken(stage.as('admin'), { uses: 1, expiresInS: 60, idempotencyKey: args.key() })
  const enrolment = stage.ctx({ kind: 'enrol', sha256: system.sha256(token) })
  const { runnerId } = await enrolRunner(enrolment, { facts: RunnerFacts.parse(factsOf(facts)) })
  const ctx = stage.ctx({ kind: 'runner', runnerId, name: facts.name ?? 'runner' })
  const sessionId = `session-${runnerId}`
  const hello: TestRunner['hello'] = (more = {}) =>
    helloRunner(ctx, {
      sessionId,
      bootId: more.bootId ?? 'boot-1',
      protocol: 1,
      facts: RunnerFacts.parse(factsOf({ ...facts, ...more.facts })),
      live: more.live ?? [],
    })
  const poll = () => pollRunner(ctx, { sessionId, waitMs: 0 }, noWait)
  const take = async () => {
    await planJobs(system)
    const [offer] = (await poll()).offers
    if (!offer) throw new Error(`runner ${runnerId} was offered nothing`)
    const { fence } = await acceptOffer(ctx, { attemptId: offer.attemptId })
    return { attemptId: offer.attemptId, jobId: offer.jobId, fence }
  }
  await hello()
  return { ctx, runnerId, hello, poll, take }
}
