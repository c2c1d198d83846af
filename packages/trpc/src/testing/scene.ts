import { Readable } from 'node:stream'
import { CreateApiKey, ImportRun, RunsView, SubmitJob } from '@modelyard/contracts'
import { type Db, insertBlobAccess, tables } from '@modelyard/db'
import {
  beginAttemptUpload,
  beginUpload,
  type Ctx,
  createApiKey,
  createEndpoint,
  createEnrolToken,
  createRun,
  decideApproval,
  getEndpoint,
  importRun,
  ingest,
  planJobs,
  raiseAlert,
  requestApproval,
  saveView,
  startRollout,
  submitJob,
  writeArtifact,
} from '@modelyard/services'
import { type ModelStage, modelStage } from '@modelyard/services/testing/models'
import { type TestRunner, type TrainingStage, trainingStage } from '@modelyard/services/testing/training'

export type Ids = Awaited<ReturnType<typeof furnish>>
export type Scene = {
  stage: ModelStage
  training: TrainingStage
  ids: Ids
  gateway: Ctx
  runner: TestRunner
  otherRunner: TestRunner
  enrolment: Ctx
  /** Of `runner`: one attempt that runs and one that is offered. */
  attempt: { attemptId: string; fence: number }
  offeredId: string
  /** Begun for the attempt that runs, and a blob that its project holds. */
  attemptFiles: { uploadId: string; sha256: string }
  close: () => void
}

export const POLICY = {
  steps: [{ weightBps: 1000, minDwellS: 3, minUnits: 10 }],
  alpha: 0.01,
  guards: ['errors' as const],
  margin: 1.25,
  maxDurationS: 600,
}

const VIEW = { page: 'runs', name: 'seen', settings: RunsView.parse({}) } as const

/** A project with one of everything that has an id, and two runners of which one works for it. */
export async function scene(db: Db): Promise<Scene> {
  const stage = await modelStage(db)
  const training = await trainingStage(db, { slug: 'shapes' })
  const gateway = stage.ctx({ kind: 'gateway', gatewayId: stage.as('admin').newId('gwy'), name: 'gateway' })
  const ids = await furnish(db, stage, gateway)
  const runner = await training.runner({ name: 'first', slots: 4 })
  await training.submit()
  const { attemptId, fence } = await runner.take()
  await training.submit()
  await planJobs(training.system)
  const offeredId = (await runner.poll()).offers[0]?.attemptId
  if (!offeredId) throw new Error('nothing was offered')
  const otherRunner = await training.runner({ name: 'second', slots: 0 })
  const attempt = { attemptId, fence }
  const attemptFiles = await filesOf(db, { training, runner, attempt })
  const wanted = { uses: 1, expiresInS: 3600, idempotencyKey: stage.key() }
  const { token } = await createEnrolToken(stage.as('admin'), wanted)
  const enrolment = stage.ctx({ kind: 'enrol', sha256: gateway.sha256(token) })
  const close = () => {
    stage.close()
    training.close()
  }
  const runners = { runner, otherRunner, enrolment, attempt, offeredId, attemptFiles }
  return { stage, training, ids, gateway, ...runners, close }
}

/** A run that came from another MLflow server. */
export const IMPORTED = {
  ...{
    from: 'http://mlflow.example.test',
    runId: '0123456789abcdef0123456789abcdef',
    experimentNumber: 0,
    name: 'old',
  },
  ...{ userName: 'ada', status: 'finished', startedAtMs: 1_600_000_000_000, endedAtMs: null, params: [], tags: [] },
  ...{ datasets: [], modelInputs: [], modelOutputs: [] },
}

async function filesOf(db: Db, of: Pick<Scene, 'training' | 'runner' | 'attempt'>) {
  const { ctx } = of.runner
  const blob = await ctx.blobs.put(Buffer.from('text'))
  await insertBlobAccess(db, { projectId: of.training.project.id, ...blob, now: ctx.now() })
  const announced = { ...of.attempt, sha256: 'c'.repeat(64), sizeBytes: 3, mediaType: 'text/plain' }
  const begun = await beginAttemptUpload(ctx, announced)
  return { uploadId: begun.state === 'upload' ? begun.uploadId : '', sha256: blob.sha256 }
}

async function furnish(db: Db, stage: ModelStage, gateway: Ctx) {
  const [editor, deployer, admin] = [stage.as('editor'), stage.as('deployer'), stage.as('admin')]
  const project = stage.project.slug
  const first = await approved(stage)
  const second = await approved(stage)
  const candidate = await stage.train()
  const { id: candidateId } = await candidate.register()
  const asked = { project, modelVersionId: candidateId, comment: '', idempotencyKey: stage.key() }
  const approval = await requestApproval(editor, asked)
  const opening = { project, name: 'live', modelVersionId: first, idempotencyKey: stage.key() }
  const { id: endpointId } = await createEndpoint(deployer, opening)
  const start = { project, endpointId, modelVersionId: second, policy: POLICY, idempotencyKey: stage.key() }
  const { id: rolloutId } = await startRollout(deployer, start)
  const variantId = (await getEndpoint(deployer, { project, endpointId, windowS: 60 })).variants[0]?.id ?? ''
  const upload = await beginUpload(editor, { project, sha256: 'e'.repeat(64), sizeBytes: 3, mediaType: 'text/plain' })
  const key = CreateApiKey.parse({ project, name: 'key', scopes: ['read'], idempotencyKey: stage.key() })
  const submitted = await submitJob(
    editor,
    SubmitJob.parse({
      ...{ project, name: 'waits', recipe: 'linear', datasetVersionId: stage.datasetVersionId },
      ...{ model: 'clf', idempotencyKey: stage.key() },
    }),
  )
  const rows = Array.from({ length: 60 }, (_, row) => `${row % 20},${row % 2 ? 'no' : 'yes'}`)
  const { sha256 } = await stage.store(Buffer.from(['a,kind', ...rows].join('\n')))
  await (await stage.train({ model: 'spare' })).register()
  await importRun(admin, ImportRun.parse({ project, ...IMPORTED }))
  return {
    ...(await hooked(db, stage)),
    ...{ endpointId, rolloutId, variantId, approvalId: approval.id, modelVersionId: first, candidateId, sha256 },
    modelSha256: candidate.blob.sha256,
    datasetVersionId: stage.datasetVersionId,
    jobId: submitted.id,
    runId: submitted.runId,
    keyId: (await createApiKey(admin, key)).id,
    uploadId: upload.state === 'upload' ? upload.uploadId : '',
    loggedRunId: await logged(editor, project),
    viewId: (await saveView(editor, { ...VIEW, project, idempotencyKey: stage.key() })).id,
    predictionId: await predicted(gateway, { endpointId, variantId, modelVersionId: first }),
    ...(await watched(db, stage, { endpointId, variantId })),
  }
}

/** A run with a file and a tag, as a client logs it. */
async function logged(ctx: Ctx, project: string): Promise<string> {
  const { id } = await createRun(ctx, { project, experiment: 0, tags: [{ key: 'team', value: 'vision' }] })
  const body = Readable.from([Buffer.from('notes')])
  await writeArtifact(ctx, { project, owner: { kind: 'run', id }, path: 'notes.txt', body })
  return id
}

async function approved(stage: ModelStage): Promise<string> {
  const project = stage.project.slug
  const { blob, register } = await stage.train()
  const { id } = await register()
  const asked = { project, modelVersionId: id, comment: '', idempotencyKey: stage.key() }
  const { id: approvalId } = await requestApproval(stage.as('editor'), asked)
  const decision = { project, approvalId, digest: blob.sha256, decision: 'approve', comment: '' } as const
  await decideApproval(stage.as('deployer'), { ...decision, idempotencyKey: stage.key() })
  return id
}

/** A webhook at an address that is refused at once, and a delivery it was owed. */
async function hooked(db: Db, { project, as }: ModelStage) {
  const { newId, now } = as('admin')
  const [webhookId, deliveryId] = [newId('whk'), newId('whd')]
  const row = {
    id: webhookId,
    projectId: project.id,
    name: 'hook',
    url: 'http://127.0.0.1:9/',
    format: 'mlflow' as const,
  }
  const by = { kind: 'system' as const, id: 'test', label: 'test' }
  const times = { createdAt: now(), updatedAt: now() }
  const events = ['model_version.created']
  await db.insert(tables.webhook).values({ ...row, ...times, events, status: 'disabled', createdBy: by })
  const owed = { id: deliveryId, projectId: project.id, webhookId, event: 'model_version.created', payload: {} }
  await db.insert(tables.webhookDelivery).values({ ...owed, state: 'failed', createdAt: now() })
  return { webhookId, deliveryId }
}

type Served = { endpointId: string; variantId: string; modelVersionId: string }

async function predicted(gateway: Ctx, served: Served): Promise<string> {
  const id = gateway.newId('prd')
  const shown = { at: gateway.now().toISOString(), latencyMs: 5, features: [0, 1], label: 'no', score: 0.9 }
  const predictions = [{ ...served, ...shown, id, traceId: null }]
  await ingest(gateway, { bootId: 'boot-1', seq: 0, seconds: [], predictions })
  return id
}

async function watched(db: Db, stage: ModelStage, served: Pick<Served, 'endpointId' | 'variantId'>) {
  const system = stage.ctx({ kind: 'system', name: 'worker' })
  const now = system.now()
  const reportId = system.newId('drf')
  await db.insert(tables.driftReport).values({
    ...served,
    id: reportId,
    projectId: stage.project.id,
    referenceDatasetVersionId: stage.datasetVersionId,
    windowFrom: now,
    windowTo: now,
    createdAt: now,
    ...{ nReference: 1, nCurrent: 1, verdict: 'ok' as const, drifted: 0, maxD: 0, features: [], prediction: null },
    method: { test: 'ks', correction: 'bh', q: 0.05, effectGate: 0.1, falseAlarmsPerMonth: 1 },
  })
  const { id: projectId, slug } = stage.project
  const signal = { projectId, project: slug, endpointId: served.endpointId, endpoint: 'live', rule: 'drift' }
  const found = { ...signal, summary: 'x drifted', evidence: {}, severity: 'warning' as const }
  const { alertId } = await db.transaction((tx) => raiseAlert(tx, system, found))
  return { reportId, alertId }
}
