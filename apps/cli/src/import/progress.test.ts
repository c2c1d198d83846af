import { expect, test } from 'vitest'
import { showProgress } from './progress.ts'

function shown(isTerminal: boolean): string {
  const written: string[] = []
  let now = 0
  const progress = showProgress({ write: (text) => written.push(text), isTerminal, now: () => now })
  progress.phase('runs of a')
  for (let step = 0; step < 12; step++) {
    now += 1_000
    progress.done('runs')
    progress.done('bytes', 500_000)
  }
  progress.say('a line')
  progress.close()
  return written.join('')
}

test('a terminal sees one line drawn again, and lines that stay above it', () => {
  expect(shown(true)).not.toContain('versions\n')
  expect(shown(true)).toContain('\r\u001b[Kruns of a: 12 runs')
  expect(shown(true).endsWith('\r\u001b[Ka line\n')).toBe(true)
})

test('elsewhere a line comes every five seconds', () => {
  expect(
    shown(false)
      .split('\n')
      .filter((line) => line.startsWith('runs of a')),
  ).toHaveLength(3)
  expect(shown(false)).not.toContain('\r')
})

test('a name from elsewhere moves no cursor', () => {
  const written: string[] = []
  const progress = showProgress({ write: (text) => written.push(text), isTerminal: false, now: () => 0 })
  progress.phase('experiment \u001b[2J\u009b1A')
  progress.say('differs: \u001b]0;title\u0007')
  expect(written.join('')).not.toMatch(/[^\P{Cc}\n]/u)
})
