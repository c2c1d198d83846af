import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { folderOf } from './folder.ts'
import { launchOf } from './prepare.ts'

const subject = {
  folder: folderOf(tmpdir()),
  command: ['true'],
  kept: {
    attemptId: 'att_0000000000000000000000000a' as const,
    jobId: 'job_0000000000000000000000000a',
    recipe: 'tabular-mlp',
    accepted: {
      ...{ fence: 1, fenceAfterMs: 60_000, timeoutMs: 60_000, inputs: [], devices: [], traceparent: null },
      mlflow: { token: 'mya_secret', runId: '0123456789abcdef0123456789abcdef', experimentId: '7' },
      spec: {
        ...{ jobId: 'job_1', runId: 'run_1', attempt: 1, recipe: 'tabular-mlp', seed: 1, params: {} },
        dataset: {
          ...{ file: 'inputs/dataset.csv', format: 'csv' as const, labelColumn: 'label', classes: [] },
          split: { train: [], validation: [], test: [] },
        },
      },
    },
  },
}
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const given = (otlpEndpoint: string | undefined, parent: string | null) =>
  launchOf(subject, { path: '/usr/bin', traceparent: parent, otlpEndpoint, apiUrl: 'http://127.0.0.1:4601/' }).env

test('a training program hears of its trace, and of a collector only where its runner has one', () => {
  expect(given('http://127.0.0.1:4318', traceparent)).toMatchObject({
    TRACEPARENT: traceparent,
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
  })
  expect(given(undefined, traceparent)).not.toHaveProperty('OTEL_EXPORTER_OTLP_ENDPOINT')
  expect(given(undefined, null)).not.toHaveProperty('TRACEPARENT')
})

test('an MLflow client in it logs to the run of the job without being told anything', () => {
  expect(given(undefined, null)).toMatchObject({
    MLFLOW_TRACKING_URI: 'http://127.0.0.1:4601',
    MLFLOW_TRACKING_TOKEN: 'mya_secret',
    MLFLOW_RUN_ID: '0123456789abcdef0123456789abcdef',
    MLFLOW_EXPERIMENT_ID: '7',
  })
})

test('nothing else of the runner, its token least of all, is in that environment', () => {
  expect(Object.keys(given(undefined, null)).sort()).toEqual([
    'CUDA_DEVICE_ORDER',
    'CUDA_VISIBLE_DEVICES',
    'HOME',
    'LANG',
    'MLFLOW_EXPERIMENT_ID',
    'MLFLOW_RUN_ID',
    'MLFLOW_TRACKING_TOKEN',
    'MLFLOW_TRACKING_URI',
    'MODELYARD_JOB_DIR',
    'NVIDIA_VISIBLE_DEVICES',
    'PATH',
    'TMPDIR',
    'TZ',
  ])
})
