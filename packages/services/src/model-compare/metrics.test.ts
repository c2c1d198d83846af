import { expect, test } from 'vitest'
import { testReport } from '../testing/models.ts'
import { compareMetrics, type MeasuredVersion } from './metrics.ts'

const version = (change: Partial<MeasuredVersion> = {}): MeasuredVersion => ({
  ...{ sizeBytes: 100, evaluations: [], logged: new Map() },
  ...change,
})
const named = (all: ReturnType<typeof compareMetrics>, name: string) => all.find((metric) => metric.name === name)

test('the difference is to the baseline, and best is what is good: high accuracy, low latency', () => {
  const latencyMs = { p50: 1, p95: 5, p99: 6, runs: 1, batchRows: 1 }
  const versions = [
    version({ evaluations: [testReport({ accuracy: 0.9 })] }),
    version({ evaluations: [testReport({ accuracy: 0.95, latencyMs })], sizeBytes: 400 }),
  ]
  const all = compareMetrics(versions, 0)
  expect(named(all, 'accuracy')).toMatchObject({ group: 'test', values: [0.9, 0.95], best: [1] })
  expect(named(all, 'accuracy')?.deltas[1]).toBeCloseTo(0.05)
  expect(named(all, 'p95_latency_ms')).toMatchObject({ deltas: [0, 3], best: [0] })
  expect(named(all, 'size')).toMatchObject({ group: 'file', deltas: [0, 300], best: [0] })
})

test('another baseline turns the differences, not what is best', () => {
  const versions = [version({ sizeBytes: 100 }), version({ sizeBytes: 400 })]
  expect(named(compareMetrics(versions, 1), 'size')).toMatchObject({ deltas: [-300, 0], best: [0] })
})

test('values that are alike have no best, and all that share the best one are', () => {
  expect(named(compareMetrics([version(), version()], 0), 'size')?.best).toEqual([])
  const sizes = [version({ sizeBytes: 1 }), version({ sizeBytes: 2 }), version({ sizeBytes: 1 })]
  expect(named(compareMetrics(sizes, 0), 'size')?.best).toEqual([0, 2])
})

test('what a version lacks, or logged as no number, is null, and has no difference', () => {
  const versions = [
    version({
      logged: new Map([
        ['loss', Number.NaN],
        ['auc', 0.5],
      ]),
    }),
    version(),
  ]
  const all = compareMetrics(versions, 0)
  expect(named(all, 'auc')).toMatchObject({ group: 'run', values: [0.5, null], deltas: [0, null], best: [] })
  expect(named(all, 'loss')).toBeUndefined()
})

test('each class has its own row, also one that only some versions know', () => {
  const other = { label: 'maybe', precision: 1, recall: 1, f1: 0.5, support: 1 }
  const versions = [
    version({ evaluations: [testReport()] }),
    version({ evaluations: [testReport({ perClass: [other] })] }),
  ]
  const all = compareMetrics(versions, 0)
  expect(named(all, 'f1 · maybe')?.values).toEqual([null, 0.5])
  expect(named(all, 'f1 · no')?.values).toEqual([0.95, null])
})
