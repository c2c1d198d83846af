import { expect, test } from 'vitest'
import { Report, rowOf } from './report.ts'

const outcome = { name: 'log-metric', ours: { ms: 4 }, theirs: { ms: 46.2 }, goal: 5 }

test('a row says both times, the ratios and whether the goal was met', () => {
  expect(rowOf(outcome)).toBe('| log-metric | 46.2 ms | 4.0 ms | 11.6x | - | - | - | >= 5x |')
  const ours = { ms: 2000, firstByteMs: 2, cpuMs: 3, statements: 6 }
  const theirs = { ms: 3000, firstByteMs: 9, cpuMs: 6, statements: 21 }
  expect(rowOf({ ...outcome, ours, theirs, statementsGoal: 5 })).toBe(
    '| log-metric | 3.00 s | 2.00 s | 1.5x | 4.5x (9.0 ms : 2.0 ms) | 2.0x | 21 : 6 | >= 5x: missed, at most 5: missed |',
  )
})

test('who is as fast as can be has met the goal', () => {
  const slow = { ...outcome, theirs: { ms: 5 } }
  expect(rowOf({ ...slow, limit: { ms: 3.5, of: 'the disk' } })).toContain('>= 5x or the disk (3.5 ms) |')
  expect(rowOf({ ...slow, limit: { ms: 3, of: 'the disk' } })).toContain('>= 5x or the disk (3.0 ms): missed |')
})

test('rows come at once, all else at the end, and a missed goal is said', () => {
  const lines: string[] = []
  const report = new Report((line) => lines.push(line))
  report.finding({ what: 'memory', theirs: '-', ours: '301 MB', goal: '< 300 MB', met: false })
  report.note('So it was.')
  report.row(outcome)
  expect(lines).toEqual([expect.stringContaining('| request |'), rowOf(outcome)])
  report.end()
  expect(lines[3]).toBe('| memory | - | 301 MB | < 300 MB: missed |')
  expect(lines[4]).toMatch(/^\nLoad of the machine: \d+\.\d before, \d+\.\d after\.$/)
  expect(lines[5]).toBe('So it was.')
})
