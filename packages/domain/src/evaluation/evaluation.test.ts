import { describe, expect, it, test } from 'vitest'
import { classOutputOf, whyNotEvaluable } from './fit.ts'
import { predictionsOf } from './predict.ts'
import { reportOnTest } from './report.ts'

const scores = { name: 'probabilities', dtype: 'float32', shape: ['N', 2] }
const label = { name: 'label', dtype: 'int64', shape: ['N'] }
const x = { name: 'x', dtype: 'float32', shape: ['N', 2] }
const column = (name: string, change: object = {}) =>
  ({ name, type: 'number', role: 'feature', missing: 0, ...change }) as Parameters<
    typeof whyNotEvaluable
  >[0]['columns'][number]
const columns = [column('a'), column('b'), column('kind', { type: 'text', role: 'label' })]
const classes = ['no', 'yes']

test.each([
  [[label, scores], { name: 'probabilities', kind: 'scores' }],
  [[{ ...scores, name: 'logits' }], { name: 'logits', kind: 'scores' }],
  [[label], { name: 'label', kind: 'number' }],
  [[{ ...label, name: 'top', shape: ['N', 1] }], { name: 'top', kind: 'number' }],
  [
    [
      { ...scores, name: 'a' },
      { ...scores, name: 'b' },
    ],
    null,
  ],
  [[{ ...scores, shape: ['N', 3] }], null],
  [[{ ...scores, shape: ['N', 'K'] }], null],
])('outputs %j tell the class by %j', (outputs, by) => {
  expect(classOutputOf(outputs, 2)).toEqual(by)
})

test.each([
  [{}, null],
  [{ signature: { inputs: [x, x], outputs: [scores] } }, 'only models with one input'],
  [{ classes: [] }, 'no classes to predict'],
  [{ columns: columns.slice(1) }, 'rows of shape [2], the dataset has 1 columns'],
  [{ signature: { inputs: [{ ...x, shape: ['N', 3, 2] }], outputs: [scores] } }, 'rows of shape [3, 2]'],
  [{ columns: [columns[0], column('b', { type: 'text' }), columns[2]] }, 'the column "b" holds text'],
  [{ columns: [columns[0], column('b', { missing: 1 }), columns[2]] }, 'the column "b" has empty cells'],
  [{ signature: { inputs: [x], outputs: [{ ...scores, shape: ['N', 3] }] } }, 'each of the 2 classes'],
])('what stands against %j is said: %s', (change, why) => {
  const subject = { signature: { inputs: [x], outputs: [scores] }, columns, classes, ...change }
  const said = whyNotEvaluable(subject as Parameters<typeof whyNotEvaluable>[0])?.detail ?? null
  if (why === null) expect(said).toBeNull()
  else expect(said).toContain(why)
})

describe('predictions', () => {
  const read = (values: number[], kind: 'scores' | 'number', rows: number) =>
    predictionsOf([{ name: 'y', width: values.length / rows, values: Float64Array.from(values) }], {
      ...{ by: { name: 'y', kind }, classes: 2, rows },
    })

  it('take the largest score, and a loss only from probabilities', () => {
    const sure = read([0.9, 0.1, 0.2, 0.8], 'scores', 2)
    expect([...sure.predicted]).toEqual([0, 1])
    expect(sure.probabilities).not.toBeNull()
    const logits = read([5, -1, Number.NEGATIVE_INFINITY, 3], 'scores', 2)
    expect([...logits.predicted]).toEqual([0, 1])
    expect(logits.probabilities).toBeNull()
  })

  it('refuse what names no class', () => {
    expect(() => read([0, 2], 'number', 2)).toThrow('says class 2; they are numbered 0 to 1')
    expect(() => read([0.5, 0], 'number', 2)).toThrow('says class 0.5')
    expect(() => read([Number.NaN, 1], 'scores', 1)).toThrow('no number in row 0')
    expect(() => read([1, 0, 1], 'scores', 2)).toThrow('does not have 2 numbers per row')
  })
})

test('the report counts right answers, each class and the loss', () => {
  const report = reportOnTest({
    ...{ classes, truth: Int32Array.of(0, 0, 1, 1), predicted: Int32Array.of(0, 1, 1, 1), batchRows: 1 },
    probabilities: Float64Array.of(0.5, 0.5, 0.25, 0.75, 0.5, 0.5, 0.5, 0.5),
    latencyMs: [1, 2, 3, 4],
    features: { names: [], columns: [] },
  })
  expect(report).toMatchObject({
    split: 'test',
    rows: 4,
    accuracy: 0.75,
    confusion: [
      [1, 1],
      [0, 2],
    ],
  })
  expect(report.logLoss).toBeCloseTo((3 * Math.LN2 + Math.log(4)) / 4, 12)
  expect(report.perClass.map(({ recall }) => recall)).toEqual([0.5, 1])
  expect(report.curves?.macro.auc).toBeCloseTo(0.25, 12)
  expect(report.calibration?.bins.map(({ count }) => count)).toEqual([3, 1])
  expect(report.slices).toEqual({ looked: 0, worst: [] })
  expect(report.latencyMs).toEqual({ p50: 3, p95: 4, p99: 4, runs: 4, batchRows: 1 })
})
