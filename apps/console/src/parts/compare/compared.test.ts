import type { ComparedRun } from '@modelyard/contracts'
import { describe, expect, it } from 'vitest'
import { makeFormat } from '../../format/format.ts'
import { compare, markdownOf } from './compared.ts'

const run = (name: string, more: Partial<ComparedRun>): ComparedRun => ({
  ...{ id: `run_${name}`, name, experiment: 'x', status: 'finished', codeCommit: 'c0ffee' },
  createdBy: { kind: 'user', id: 'u', label: 'ann' },
  ...{ startedAt: '2026-01-01T00:00:00Z', endedAt: '2026-01-01T00:01:00Z' },
  ...{ params: {}, tags: {}, metrics: {}, datasets: [], artifacts: {} },
  ...more,
})
const words = {
  state: (status: string) => status,
  experiment: 'Experiment',
  status: 'Status',
  datasets: 'Datasets',
  code: 'Code',
  duration: 'Duration',
}
const of = { baseline: 0, goals: {}, words, format: makeFormat('en', 'UTC') }
const runs = [
  run('a|b', { params: { lr: '1' }, metrics: { f1: 0.5 }, tags: { 'mlflow.user': 'ann' } }),
  run('<i>', { params: { lr: '2\n3' }, metrics: { f1: 0.75 }, datasets: ['d@1'] }),
]

describe('a comparison', () => {
  it('says what differs, and leaves out what clients note for themselves', () => {
    const { facts, params, tags } = compare(runs, of)
    expect(facts.filter(({ differs }) => differs).map(({ key }) => key)).toEqual(['Datasets'])
    expect(params).toEqual([{ key: 'lr', values: ['1', '2\n3'], differs: true }])
    expect(tags).toEqual([])
  })

  it('is Markdown that names cannot break out of', () => {
    const text = markdownOf(runs, compare(runs, of), { metric: 'Metric', param: 'Parameter', only: true })
    expect(text.split('\n')).toEqual([
      '| Metric | a\\|b | \\<i\\> |',
      '| --- | ---: | ---: |',
      '| f1 | 0.5 | 0.75 ★ |',
      '',
      '| Parameter | a\\|b | \\<i\\> |',
      '| --- | ---: | ---: |',
      '| Datasets |  | d@1 |',
      '| lr | 1 | 2 3 |',
      '',
    ])
  })
})
