import { describe, expect, it } from 'vitest'
import { differences, goalOf, metricTable } from './compare.ts'

describe('differences', () => {
  it('has a row for every key of any run, and tells which differ; a missing key is a difference', () => {
    expect(differences([{ lr: '1', seed: '7' }, { lr: '2', seed: '7', wd: '0' }, { seed: '7' }])).toEqual([
      { key: 'lr', values: ['1', '2', null], differs: true },
      { key: 'seed', values: ['7', '7', '7'], differs: false },
      { key: 'wd', values: [null, '0', null], differs: true },
    ])
  })

  it('is not fooled by keys that every object has', () => {
    const records = [JSON.parse('{"__proto__":"a","constructor":"b"}'), {}] as Record<string, string>[]
    expect(differences(records).map(({ key, values }) => [key, ...values])).toEqual([
      ['__proto__', 'a', null],
      ['constructor', 'b', null],
    ])
  })
})

describe('goalOf', () => {
  it.each([
    ['val_loss', 'lower'],
    ['validation/RMSE', 'lower'],
    ['p95_ms', 'lower'],
    ['accuracy', 'higher'],
    ['val_f1', 'higher'],
    ['learning_rate', null],
    ['curve', null],
  ])('%s wants to be %s', (key, goal) => expect(goalOf(key)).toBe(goal))
})

describe('metricTable', () => {
  const run = (metrics: Record<string, number | 'NaN'>) => ({ id: '', params: {}, metrics })

  it('marks the best finite value and measures from the baseline', () => {
    const [row] = metricTable([run({ f1: 0.75 }), run({ f1: 1 }), run({ f1: 'NaN' }), run({})], 0)
    expect(row?.cells).toEqual([
      { value: 0.75, best: false, delta: null, better: null },
      { value: 1, best: true, delta: 0.25, better: true },
      { value: 'NaN', best: false, delta: null, better: null },
      { value: null, best: false, delta: null, better: null },
    ])
  })

  it('takes low for good where the name or the project says so', () => {
    const runs = [run({ loss: 1, score: 5 }), run({ loss: 0.5, score: 4 })]
    const best = (goals = {}) => metricTable(runs, 0, goals).map(({ cells }) => cells.map((cell) => cell.best))
    expect(best()).toEqual([
      [false, true],
      [true, false],
    ])
    expect(best({ score: 'lower' })[1]).toEqual([false, true])
  })

  it('calls nobody best where nobody has said which way is better', () => {
    const [row] = metricTable([run({ curve: 1 }), run({ curve: 2 })], 0)
    expect(row?.goal).toBeNull()
    expect(row?.cells[1]).toEqual({ value: 2, best: false, delta: 1, better: null })
    expect(metricTable([run({ curve: 1 }), run({ curve: 2 })], 0, { curve: 'higher' })[0]?.cells[1]?.best).toBe(true)
  })

  it('names nobody best alone, and all who tie', () => {
    expect(metricTable([run({ f1: 1 }), run({})], 0)[0]?.cells.some(({ best }) => best)).toBe(false)
    expect(metricTable([run({ f1: 1 }), run({ f1: 1 })], 0)[0]?.cells.every(({ best }) => best)).toBe(true)
    expect(metricTable([run({ f1: 1 }), run({ f1: 1 })], 0)[0]?.cells[1]).toMatchObject({ delta: 0, better: null })
  })
})
