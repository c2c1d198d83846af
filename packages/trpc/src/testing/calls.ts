import type { Ctx } from '@modelyard/services'
import { callTRPCProcedure } from '@trpc/server'
import { appRouter } from '../index.ts'
import { IMPORTED, POLICY, type Scene } from './scene.ts'

/** A call that its caller may make. `changes`: somebody with the role viewer may not. */
export type Allowed = { by: Ctx; input: Record<string, unknown>; changes?: true }

type Kind = 'query' | 'mutation' | 'subscription'
const procedures = appRouter._def.procedures as unknown as Record<string, { _def: { type: Kind } }>
export const PATHS = Object.keys(procedures)
export const kindOf = (path: string): Kind => procedures[path]?._def.type ?? 'query'

const hub = { arm: () => ({ wait: async () => {}, disarm: () => {} }), changes: async function* () {} }

/** Call by path the way the doors do: answers what came back, or the code of the refusal. */
export async function call(path: string, ctx: Ctx, input: unknown): Promise<{ code: string; answer?: unknown }> {
  const stopped = AbortSignal.abort()
  try {
    const answer: unknown = await callTRPCProcedure({
      router: appRouter,
      path,
      getRawInput: async () => input,
      ctx: { ctx, hub },
      type: kindOf(path),
      signal: stopped,
      batchIndex: 0,
    })
    if (kindOf(path) === 'subscription') for await (const _ of answer as AsyncIterable<unknown>);
    return { code: 'OK', answer }
  } catch (error) {
    return { code: String((error as { code?: unknown }).code) }
  }
}

type Of = { stage: Scene['stage']; ids: Scene['ids']; by: Ctx }

/** For every procedure of the console a call that is allowed; what a path lacks here fails the build. */
export function consoleCalls({ stage, ids }: Scene): Record<string, Allowed> {
  const of = { stage, ids, by: stage.as('admin') }
  return {
    ...accountCalls(of),
    ...trainingCalls(of),
    ...registryCalls(of),
    ...importCalls(of),
    ...servingCalls(of),
    ...watchingCalls(of),
  }
}

const read = ({ stage, by }: Of, input: object = {}): Allowed => ({
  by,
  input: { project: stage.project.slug, ...input },
})
const change = (of: Of, input: object): Allowed => ({
  ...read(of, { ...input, idempotencyKey: of.stage.key() }),
  changes: true,
})

function accountCalls(of: Of): Record<string, Allowed> {
  const { stage, ids, by } = of
  return {
    'account.viewer': { by, input: {} },
    'account.keys': { by, input: {} },
    'account.createProject': { by, input: { ...PROJECT, idempotencyKey: stage.key() } },
    'account.members': read(of),
    'account.addMember': change(of, { email: 'a@example.test', name: 'A', role: 'viewer', password: 'long enough 12' }),
    'account.createKey': change(of, { name: 'key', scopes: ['read'] }),
    'account.revokeKey': { by, input: { id: ids.keyId, idempotencyKey: stage.key() }, changes: true },
    'ledger.list': read(of, { limit: 5, cursor: '3', targetId: ids.endpointId, action: 'endpoint.created' }),
    'ledger.verify': read(of),
    'live.changes': read(of),
    'runners.list': read(of),
    'runners.createEnrolToken': { by, input: { uses: 1, idempotencyKey: stage.key() }, changes: true },
  }
}

function trainingCalls(of: Of): Record<string, Allowed> {
  const { stage, ids } = of
  const { modelVersionId, sha256, modelSha256: digest, datasetVersionId, jobId, runId } = ids
  const split = { kind: 'group', train: 0.8, validation: 0.1, test: 0.1, seed: 0, groupColumn: 'a' }
  const dataset = { name: 'more', sha256, format: 'csv', labelColumn: 'kind', split, description: '', licence: '' }
  const job = { name: 'fit', recipe: 'linear', datasetVersionId, params: { a: 'b' }, model: 'clf', labels: ['cpu'] }
  return {
    'datasets.list': read(of),
    'datasets.get': read(of, { id: datasetVersionId }),
    'datasets.register': change(of, { ...dataset, sourceNote: 'me' }),
    'jobs.submit': change(of, { ...job, codeCommit: 'c0ffee', seed: 1, gpus: 0, gpuMemoryMb: 0 }),
    'jobs.cancel': change(of, { jobId }),
    'jobs.get': read(of, { jobId }),
    'jobs.list': read(of, { limit: 5, cursor: jobId }),
    'jobs.log': read(of, { jobId, offset: -1, limit: 10 }),
    'lineage.get': read(of, { focus: modelVersionId }),
    'modelCard.get': read(of, { modelVersionId }),
    'modelCard.edit': change(of, { modelVersionId: ids.candidateId, revision: 0, sections: { summary: 'what it is' } }),
    'modelCard.export': read(of, { modelVersionId, format: 'json' }),
    'modelFiles.preview': read(of, { modelVersionId, path: 'model.onnx' }),
    'modelCompare.get': read(of, { versions: [modelVersionId, ids.candidateId] }),
    'models.list': read(of),
    'models.versions': read(of, { model: 'clf' }),
    'models.get': read(of, { modelVersionId }),
    'models.register': change(of, { model: 'clf', sha256: digest, classes: ['no', 'yes'], codeCommit: 'c0ffee' }),
    'models.evaluate': change(of, { modelVersionId: ids.candidateId, datasetVersionId }),
    'models.waiveGate': change(of, {
      ...{ modelVersionId: ids.candidateId, gate: 'kpi:accuracy', digest, finding: 'too low', reason: 'known noise' },
    }),
    'models.requestApproval': change(of, { modelVersionId: ids.candidateId, comment: 'please' }),
    'models.decideApproval': change(of, { approvalId: ids.approvalId, digest, decision: 'approve', comment: 'fine' }),
    'runs.list': read(of, { experiment: 'default', limit: 5, cursor: runId }),
    'runs.get': read(of, { runId }),
    'runs.series': read(of, { runId, keys: ['loss'] }),
    'runs.rows': read(of, { filter: "params.lr = '1'", sort: '-metrics.loss', columns: ['params.lr'], limit: 5 }),
    'runs.readRows': read(of, { runIds: [runId], columns: ['metrics.loss'] }),
    'runs.count': read(of, { filter: 'metrics.loss < 1', experiment: 0 }),
    'runs.keys': read(of),
    'runs.experiments': read(of),
    'runs.group': read(of, { by: 'params.lr', metric: 'loss' }),
    'runs.change': change(of, { runIds: [runId], change: { kind: 'tag', key: 'team', value: 'vision' } }),
    'runs.compare': read(of, { runIds: [runId] }),
    'runs.compareSeries': read(of, { runIds: [runId], key: 'loss' }),
    'run.read': read(of, { runId }),
    'run.files': read(of, { runId, folder: 'plots' }),
    'run.preview': read(of, { runId: ids.loggedRunId, path: 'notes.txt' }),
    'run.rename': { ...read(of, { runId, name: 'better' }), changes: true },
    'run.tag': { ...read(of, { runId, key: 'team', value: 'vision' }), changes: true },
    'run.untag': { ...read(of, { runId: ids.loggedRunId, key: 'team' }), changes: true },
    'run.delete': { ...read(of, { runId }), changes: true },
    'run.restore': { ...read(of, { runId }), changes: true },
    'upload.begin': { ...read(of, { sha256, sizeBytes: 12, mediaType: 'text/csv' }), changes: true },
    'upload.complete': { by: stage.as('editor'), input: { uploadId: ids.uploadId }, changes: true },
    'views.list': read(of, { page: 'runs' }),
    'views.save': change(of, { page: 'runs', name: 'best', settings: { q: 'metrics.f1 > 0.9' } }),
    'views.delete': change(of, { viewId: ids.viewId }),
  }
}

function registryCalls(of: Of): Record<string, Allowed> {
  const { webhookId, deliveryId } = of.ids
  const model = 'spare'
  const events = ['model_version.created', 'approval.requested']
  const hook = { name: 'hook', description: 'why', url: 'https://1.1.1.1/a', events }
  const managed = (input: object): Allowed => ({ ...read(of, input), changes: true })
  return {
    'models.about': read(of, { model }),
    'models.create': change(of, { model: 'fresh', description: 'what it is' }),
    'models.update': change(of, { model, description: 'what it is' }),
    'models.rename': change(of, { model, newName: 'other' }),
    'models.delete': change(of, { model }),
    'models.setTag': change(of, { model, key: 'team', value: 'vision' }),
    'models.deleteTag': change(of, { model, key: 'team' }),
    'models.setAlias': change(of, { model, version: 1, alias: 'champion' }),
    'models.deleteAlias': change(of, { model, alias: 'champion' }),
    'models.updateVersion': change(of, { model, version: 1, description: 'what it is' }),
    'models.deleteVersion': change(of, { model, version: 1 }),
    'models.setVersionTag': change(of, { model, version: 1, key: 'team', value: 'vision' }),
    'models.deleteVersionTag': change(of, { model, version: 1, key: 'team' }),
    'models.transitionStage': change(of, { model, version: 1, stage: 'Staging', archiveExisting: true }),
    'webhooks.list': managed({}),
    'webhooks.create': change(of, { ...hook, format: 'modelyard' }),
    'webhooks.update': change(of, { ...hook, webhookId, status: 'disabled' }),
    'webhooks.delete': change(of, { webhookId }),
    'webhooks.test': managed({ webhookId, event: 'model_version.created' }),
    'webhooks.deliveries': managed({ webhookId, limit: 5, cursor: deliveryId }),
    'webhooks.redeliver': change(of, { webhookId, deliveryId }),
  }
}

function importCalls(of: Of): Record<string, Allowed> {
  const { from, runId, experimentNumber } = IMPORTED
  const times = { createdAtMs: 0, updatedAtMs: 1 }
  const pair = { key: 'lr', value: '1' }
  const dataset = {
    name: 'd',
    digest: 'a1',
    sourceType: 'code',
    source: '{}',
    schema: '{}',
    profile: '{}',
    tags: [pair],
  }
  const lists = { params: [pair], tags: [pair], datasets: [dataset], modelInputs: [runId] }
  const point = { key: 'f1', value: 'NaN', step: '1', atMs: '1', runId, datasetName: '', datasetDigest: '' }
  const model = { modelId: runId, experimentNumber, name: 'm', modelType: '', sourceRunId: runId, status: 'ready' }
  const brought = (input: object): Allowed => ({ ...read(of, { from, ...input }), changes: true })
  return {
    'imports.state': brought({ kind: 'run', ids: [runId] }),
    'imports.files': brought({ kind: 'run', id: runId, after: 'a' }),
    'imports.experiment': brought({ name: 'old', ...times, deleted: true, tags: [pair] }),
    'imports.run': brought({ ...IMPORTED, ...lists, modelOutputs: [{ modelId: runId, step: '0' }], endedAtMs: 2 }),
    'imports.loggedModel': brought({ ...model, ...times, ...lists, statusMessage: 'fine', metrics: [point] }),
    'imports.seal': brought({
      kind: 'run',
      id: runId,
      deleted: false,
      sealed: { digest: 'a'.repeat(64), points: 0, files: 0, bytes: 0 },
    }),
    'imports.model': brought({ name: 'spare', ...times }),
    'imports.modelVersion': brought({ name: 'spare', ...times, registeredAs: 1, version: 7, stage: 'Archived' }),
    'imports.record': brought({ counts: { runs: 1 }, differences: ['one'] }),
  }
}

function servingCalls(of: Of): Record<string, Allowed> {
  const { stage, ids } = of
  const { endpointId, modelVersionId, predictionId, rolloutId, alertId } = ids
  const labelled = { predictionId, label: 'yes', at: stage.clock.now().toISOString() }
  return {
    'board.read': read(of),
    'endpoints.list': read(of),
    'endpoints.get': read(of, { endpointId, windowS: 60 }),
    'endpoints.create': change(of, { name: 'more', modelVersionId }),
    'endpoints.rollBack': change(of, { endpointId, toVariantId: ids.variantId, reason: 'why', alertId }),
    'endpoints.undoRollBack': change(of, { endpointId, generation: 2 }),
    'predictions.list': read(of, { endpointId, limit: 5, cursor: `${stage.clock.now().getTime()}.${predictionId}` }),
    'predictions.get': read(of, { predictionId }),
    'predictions.recordFeedback': { ...read(of, { items: [labelled] }), changes: true },
    'rollouts.list': read(of, { endpointId, limit: 5, cursor: rolloutId }),
    'rollouts.get': read(of, { rolloutId }),
    'rollouts.start': change(of, { endpointId, modelVersionId, policy: POLICY }),
    'rollouts.command': change(of, { rolloutId, command: 'pause', revision: 0, reason: 'why' }),
  }
}

function watchingCalls(of: Of): Record<string, Allowed> {
  const { ids, by } = of
  const { alertId, endpointId, reportId } = ids
  return {
    'alerts.list': read(of, { cursor: alertId }),
    'alerts.get': { by, input: { alertId } },
    'alerts.act': change(of, { alertId, action: 'ack', note: 'seen' }),
    'alerts.channels': read(of),
    'alerts.createChannel': change(of, { name: 'hook', kind: 'webhook', settings: { url: 'https://1.1.1.1/a' } }),
    'drift.list': read(of, { endpointId, limit: 10 }),
    'drift.get': read(of, { reportId }),
  }
}

const PROJECT = { slug: 'new', name: 'New', task: 'binary', kpis: [{ metric: 'accuracy', op: '>=', target: 0.9 }] }

/** The same for runners: each call about an attempt is about one that this runner holds. */
export function runnerCalls({ runner, enrolment, attempt, offeredId, attemptFiles }: Scene): Record<string, Allowed> {
  const by = runner.ctx
  const of = (input: object): Allowed => ({ by, input: { ...input } })
  const sessionId = `session-${runner.runnerId}`
  const device = { index: 0, kind: 'nvidia', uuid: 'GPU-0', model: 'test', memoryMb: 16_000, health: 'ok' }
  const machine = { name: 'first', version: '1', labels: ['a'], slots: 4, cpus: 2, memoryMb: 4000 }
  const facts = { ...machine, devices: [device], recipes: ['tabular-mlp'] }
  const point = { key: 'loss', step: 0, value: 1, at: '2026-03-02T09:00:00Z' }
  const end = { outcome: 'failed', exitCode: 1, failClass: 'user', reason: 'it broke' }
  return {
    enrol: { by: enrolment, input: { facts } },
    hello: of({ sessionId, bootId: 'boot-1', protocol: 1, facts, live: [attempt] }),
    poll: of({ sessionId, waitMs: 0 }),
    beat: of({ sessionId, live: [attempt] }),
    leave: of({ sessionId }),
    finish: of({ ...attempt, ...end, logBytes: 0, nextMetricSeq: 0, result: { model: { file: 'a.onnx' } } }),
    'attempt.accept': of({ attemptId: offeredId }),
    'attempt.reject': of({ attemptId: offeredId, reason: 'no room' }),
    'attempt.logMetrics': of({ ...attempt, seq: 0, points: [point] }),
    'attempt.beginUpload': of({ ...attempt, sha256: 'd'.repeat(64), sizeBytes: 3, mediaType: 'text/plain' }),
    'attempt.completeUpload': of({ ...attempt, uploadId: attemptFiles.uploadId }),
    'attempt.attachArtifact': of({ ...attempt, path: 'a.txt', kind: 'text', sha256: attemptFiles.sha256 }),
  }
}

export function gatewayCalls({ gateway, ids, stage }: Scene): Record<string, Allowed> {
  const { endpointId, variantId, modelVersionId } = ids
  const seconds = Math.floor(stage.clock.now().getTime() / 1000)
  const counted = { endpointId, variantId, second: seconds, requests: 1, errors: 0, latency: Array(21).fill(0) }
  const shown = { at: stage.clock.now().toISOString(), latencyMs: 5, features: [0, 1], label: 'no', score: 0.9 }
  const record = { ...shown, id: gateway.newId('prd'), endpointId, variantId, modelVersionId, traceId: 'a' }
  const of = (input: Record<string, unknown>): Allowed => ({ by: gateway, input })
  return {
    pullSnapshot: of({ have: -1, waitMs: 0 }),
    observe: of({ name: 'gateway', bootId: 'boot-1', endpoints: [{ endpointId, generation: 1 }] }),
    ingest: of({ bootId: 'boot-2', seq: 0, seconds: [counted], predictions: [record] }),
  }
}

/** Every procedure with an allowed call, by its full path. */
export function allCalls(of: Scene): Record<string, Allowed> {
  const under = (prefix: string, calls: Record<string, Allowed>) =>
    Object.entries(calls).map(([path, allowed]) => [`${prefix}.${path}`, allowed] as const)
  return Object.fromEntries([
    ...under('console', consoleCalls(of)),
    ...under('runner', runnerCalls(of)),
    ...under('gateway', gatewayCalls(of)),
  ])
}
