import { expect, test } from 'vitest'
import { rangeOf } from './range.ts'

const file = { etag: '"abc"', sizeBytes: 10 }
const ask = (range: string | null, more: { ifRange?: string; ifNoneMatch?: string } = {}) =>
  rangeOf({ range, ifRange: null, ifNoneMatch: null, ...more }, file)
const part = (start: number, end: number) => ({ kind: 'part', start, end })

test.each([
  ['bytes=0-3', part(0, 3)],
  ['bytes=4-', part(4, 9)],
  ['bytes=9-9', part(9, 9)],
  ['bytes=-3', part(7, 9)],
  ['bytes=-99', part(0, 9)],
  ['bytes=0-99999999999', part(0, 9)],
  ['Bytes = 2 - 3', part(2, 3)],
  ['bytes=10-', { kind: 'unsatisfiable' }],
  ['bytes=10-20', { kind: 'unsatisfiable' }],
  ['bytes=-0', { kind: 'unsatisfiable' }],
  ['bytes=5-2', { kind: 'whole' }],
  ['bytes=-', { kind: 'whole' }],
  ['bytes=0-1,4-5', { kind: 'whole' }],
  ['bytes=a-b', { kind: 'whole' }],
  ['bytes=0-9999999999999999', { kind: 'whole' }],
  ['rows=0-1', { kind: 'whole' }],
  [null, { kind: 'whole' }],
])('%s of ten bytes', (range, answer) => {
  expect(ask(range)).toEqual(answer)
})

test('If-Range with other bytes gives the whole file, with these the part', () => {
  expect(ask('bytes=0-3', { ifRange: '"abc"' })).toEqual(part(0, 3))
  for (const ifRange of ['"abd"', 'W/"abc"', 'Sat, 21 Nov 2026 06:00:00 GMT'])
    expect(ask('bytes=0-3', { ifRange })).toEqual({ kind: 'whole' })
})

test('what the caller has is not sent again', () => {
  for (const ifNoneMatch of ['"abc"', 'W/"abc"', '"x", "abc"', '*'])
    expect(ask('bytes=0-3', { ifNoneMatch })).toEqual({ kind: 'unchanged' })
  expect(ask(null, { ifNoneMatch: '"x"' })).toEqual({ kind: 'whole' })
})

test('of an empty file no part can be had', () => {
  const empty = { etag: '"e"', sizeBytes: 0 }
  for (const range of ['bytes=0-', 'bytes=0-0', 'bytes=-1'])
    expect(rangeOf({ range, ifRange: null, ifNoneMatch: null }, empty)).toEqual({ kind: 'unsatisfiable' })
})
