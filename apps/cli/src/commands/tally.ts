/** What a part of the checks came to. */
export type Tally = { passed: number; failed: number; skipped: number }

export type Part = { name: string; run: () => Promise<Tally> }

export const passed: Tally = { passed: 1, failed: 0, skipped: 0 }
export const failed: Tally = { passed: 0, failed: 1, skipped: 0 }

export function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (total, one) => ({
      passed: total.passed + one.passed,
      failed: total.failed + one.failed,
      skipped: total.skipped + one.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  )
}

/** What vitest's JSON report counts; a file that cannot be loaded counts as one failure. */
export function tallyOfVitest(report: unknown, exitCode: number): Tally {
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0 } = (report ?? {}) as Record<string, number>
  const silent = exitCode !== 0 && numFailedTests === 0 ? 1 : 0
  return { passed: numPassedTests, failed: numFailedTests + silent, skipped: numPendingTests }
}

/** What Playwright's JSON report counts; a run that ends badly without a failed test counts as one failure. */
export function tallyOfPlaywright(report: unknown, exitCode: number): Tally {
  const stats = ((report as { stats?: Record<string, number> } | undefined)?.stats ?? {}) as Record<string, number>
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = stats
  const silent = exitCode !== 0 && unexpected === 0 ? 1 : 0
  return { passed: expected + flaky, failed: unexpected + silent, skipped }
}

/**
 * Runs the parts one after another, all of them whatever fails, and prints the sum alone on the last line.
 * @returns the exit code
 */
export async function runParts(parts: readonly Part[]): Promise<number> {
  const tallies: Tally[] = []
  const lines: string[] = []
  for (const { name, run } of parts) {
    const started = Date.now()
    process.stdout.write(`\n── ${name}\n`)
    const tally = await run().catch((error: unknown) => {
      process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`)
      return failed
    })
    tallies.push(tally)
    const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : ''
    const seconds = ((Date.now() - started) / 1000).toFixed(0)
    lines.push(`${name.padEnd(12)} ${tally.passed} passed, ${tally.failed} failed${skipped}  (${seconds} s)`)
  }
  const total = sum(tallies)
  process.stdout.write(`\n${lines.join('\n')}\n${total.passed} passed, ${total.failed} failed\n`)
  return total.failed === 0 ? 0 : 1
}
