import { expect, test } from 'vitest'
import { Tally } from './tally.ts'

test('what is counted on one side only is a difference, beside those found on the way', () => {
  const tally = new Tally()
  tally.add('there', { runs: 2, points: 10 })
  tally.add('here', { runs: 2, points: 9 })
  tally.differ('run a: metric loss differs')
  expect(tally.verdict()).toEqual(['run a: metric loss differs', 'points: 10 there, 9 here'])
  expect(tally.table()).toContain('runs                         2               2  same')
  expect(tally.table()).toContain('points                      10               9  DIFFERENT')
})
