import { RegisterDataset, SubmitJob } from '@modelyard/contracts'
import { type Db, findJobById, insertBlobAccess, type JobRow } from '@modelyard/db'
import { writeModel } from '@modelyard/inference/onnx/write'
import type { Ctx } from '../context.ts'
import { registerDataset } from '../dataset/register.ts'
import { submitJob } from '../job/submit.ts'
import type { Report } from '../model/judge.ts'
import { registerTrained } from '../model/register-trained.ts'
import { type TestStage, testStage } from './context.ts'

type StoredBlob = { sha256: string; sizeBytes: number }
export type Training = { report?: Partial<Report>; reports?: Report[]; features?: number; model?: string; by?: Ctx }

export type ModelStage = TestStage & {
  /** A sound dataset of two features, `a` and `b`, and the classes no and yes. */
  datasetVersionId: string
  key: () => string
  store: (bytes: Uint8Array, projectId?: string) => Promise<StoredBlob>
  /** Register that dataset in a project. */
  rows: (ctx: Ctx, project: TestStage['project']) => Promise<string>
  /** A submitted job and a model as its recipe would hand it in; `register` is the runner's finish. */
  train: (training?: Training) => Promise<{ job: JobRow; blob: StoredBlob; register: () => Promise<{ id: string }> }>
}

/** A stage whose project wants accuracy >= 0.9, p95 <= 100 ms and few errors, with a dataset to train on. */
export async function modelStage(db: Db): Promise<ModelStage> {
  const stage = await testStage(db, {
    kpis: [
      { metric: 'accuracy', op: '>=', target: 0.9 },
      { metric: 'p95_latency_ms', op: '<=', target: 100 },
      { metric: 'error_ratio', op: '<=', target: 0.01 },
    ],
  })
  let keys = 0
  const key = () => `key-${++keys}-00000`
  const store: ModelStage['store'] = async (bytes, projectId = stage.project.id) => {
    const { blobs, now } = stage.as('editor')
    const blob = await blobs.put(bytes)
    await insertBlobAccess(db, { projectId, ...blob, now: now() })
    return blob
  }
  const rows: ModelStage['rows'] = async (ctx, { id, slug }) => {
    const lines = Array.from({ length: 60 }, (_, row) => `${(row * 37) % 60},${row % 7},${row % 2 ? 'no' : 'yes'}`)
    const { sha256 } = await store(Buffer.from(['a,b,kind', ...lines].join('\n')), id)
    const split = { kind: 'stratified', train: 0.6, validation: 0.2, test: 0.2, seed: 1 } as const
    const wanted = { project: slug, name: 'rows', sha256, format: 'csv', labelColumn: 'kind', split }
    return (await registerDataset(ctx, RegisterDataset.parse({ ...wanted, idempotencyKey: key() }))).id
  }
  const datasetVersionId = await rows(stage.as('editor'), stage.project)
  const train: ModelStage['train'] = async (training = {}) => {
    const by = training.by ?? stage.as('editor')
    const wanted = { project: stage.project.slug, name: 'fit', recipe: 'linear', model: training.model ?? 'clf' }
    const submitted = { ...wanted, datasetVersionId, codeCommit: 'c0ffee', idempotencyKey: key() }
    const job = await findJobById(db, (await submitJob(by, SubmitJob.parse(submitted))).id)
    if (!job) throw new Error('the job is gone')
    const bytes = linearModel(training.features, ++keys)
    const blob = await store(bytes)
    const evaluations = training.reports ?? [testReport(training.report)]
    const result = { model: { file: 'model.onnx', format: 'onnx' as const }, evaluations, params: {}, artifacts: [] }
    const trained = { ...blob, signature: await by.inspectModel(bytes), result }
    const runner = stage.ctx({ kind: 'runner', runnerId: by.newId('rnr'), name: 'runner' })
    return { job, blob, register: () => db.transaction((tx) => registerTrained(runner, tx, { job, trained })) }
  }
  return { ...stage, datasetVersionId, key, store, rows, train }
}

/** A linear model over that many features; `salt` makes its bytes its own. */
export function linearModel(features = 2, salt = 0): Uint8Array {
  return writeModel({
    name: 'linear',
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', features] }],
    outputs: [{ name: 'p', datatype: 'FP32', shape: ['N', 2] }],
    initializers: [{ name: 'W', dims: [features, 2], data: new Float32Array(features * 2).fill(salt) }],
    nodes: [{ op: 'MatMul', inputs: ['x', 'W'], outputs: ['p'] }],
  })
}

/** Good enough for the stage's KPIs unless changed. */
export function testReport(change: Partial<Report> = {}): Report {
  const one = { precision: 0.95, recall: 0.95, f1: 0.95, support: 6 }
  return {
    split: 'test',
    rows: 12,
    accuracy: 0.95,
    accuracyInterval: [0.7, 1],
    macroF1: 0.95,
    logLoss: 0.2,
    classes: ['no', 'yes'],
    perClass: [
      { label: 'no', ...one },
      { label: 'yes', ...one },
    ],
    confusion: [
      [6, 0],
      [0, 6],
    ],
    latencyMs: { p50: 1, p95: 2, p99: 3, runs: 100, batchRows: 1 },
    ...change,
  }
}
