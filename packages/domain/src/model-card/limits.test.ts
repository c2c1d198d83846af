import { expect, test } from 'vitest'
import { type CardFacts, limitsOf } from './limits.ts'

const classes = (...f1: number[]) => f1.map((value, at) => ({ label: `c${at}`, f1: value, support: 100 }))
const sound: CardFacts = {
  format: 'onnx',
  codeCommit: 'c0ffee',
  trainingData: { licence: 'CC0', blocked: false },
  test: { rows: 900, accuracyInterval: [0.94, 0.97], macroF1: 0.95, perClass: classes(0.94, 0.96) },
  failedGates: [],
  waivedGates: [],
}
const codes = (change: Partial<CardFacts>) => limitsOf({ ...sound, ...change }).map(({ code }) => code)
const tested = (change: object): Partial<CardFacts> => ({ test: sound.test && { ...sound.test, ...change } })

test.each<[string, Partial<CardFacts>, string[]]>([
  ['a sound version has none', {}, []],
  ['a failed gate is the first', { failedGates: ['kpi:accuracy'], codeCommit: '' }, ['failed_gate', 'no_code']],
  ['nobody tested it', { test: null }, ['no_test']],
  ['too few rows to tell', tested({ accuracyInterval: [0.8, 0.99] }), ['wide_interval']],
  ['one class is far below the rest', tested({ perClass: classes(0.7, 0.97) }), ['weak_class']],
  ['just not weak', tested({ perClass: classes(0.9, 0.97) }), []],
  ['a class of a handful', tested({ perClass: [{ label: 'x', f1: 0.95, support: 29 }] }), ['rare_classes']],
  ['unknown data', { trainingData: null }, ['no_data']],
  [
    'data without a licence that its gates block',
    { trainingData: { licence: '', blocked: true } },
    ['data_blocked', 'no_licence'],
  ],
  ['a file that nobody may open', { format: 'opaque' }, ['opaque']],
])('%s', (_, change, expected) => expect(codes(change)).toEqual(expected))

test('weak classes stand weakest first, with what tells how weak', () => {
  const [first, second] = limitsOf({ ...sound, ...tested({ perClass: classes(0.8, 0.6, 1) }) })
  expect(first).toEqual({ code: 'weak_class', label: 'c1', f1: 0.6, macroF1: 0.95, support: 100 })
  expect(second).toMatchObject({ label: 'c0' })
})
