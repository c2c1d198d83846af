import { expect, test, vi } from 'vitest'
import { failed, passed, runParts, sum, tallyOfPlaywright, tallyOfVitest } from './tally.ts'

test('counts of the tools, and a run that breaks without a failed test is a failure', () => {
  expect(tallyOfVitest({ numPassedTests: 5, numFailedTests: 1, numPendingTests: 2 }, 1)).toEqual({
    passed: 5,
    failed: 1,
    skipped: 2,
  })
  expect(tallyOfVitest({ numPassedTests: 5, numFailedTests: 0 }, 1)).toMatchObject({ passed: 5, failed: 1 })
  expect(tallyOfVitest(undefined, 127)).toMatchObject({ passed: 0, failed: 1 })
  expect(tallyOfPlaywright({ stats: { expected: 3, flaky: 1, unexpected: 0, skipped: 1 } }, 0)).toEqual({
    passed: 4,
    failed: 0,
    skipped: 1,
  })
  expect(tallyOfPlaywright(undefined, 1)).toMatchObject({ failed: 1 })
  expect(sum([passed, failed, passed])).toEqual({ passed: 2, failed: 1, skipped: 0 })
})

test('all parts run, and the last line is the sum alone', async () => {
  const lines: string[] = []
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
  const code = await runParts([
    { name: 'breaks', run: () => Promise.reject(new Error('no network')) },
    { name: 'works', run: () => Promise.resolve({ passed: 7, failed: 0, skipped: 1 }) },
  ])
  write.mockRestore()
  expect(code).toBe(1)
  expect(lines.join('').trimEnd().split('\n').at(-1)).toBe('7 passed, 1 failed')
})
