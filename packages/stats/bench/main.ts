import { absoluteReadings } from './absolute.ts'
import { runContests } from './contests.ts'
import { type Outcome, readable } from './measure.ts'
import { startScipy } from './scipy.ts'

function verdict(met: boolean | null): string {
  return met === null ? '' : met ? 'goal met' : 'GOAL MISSED'
}

function printOutcome({ name, ours, theirs, ratio, goal }: Outcome): void {
  const aim = goal === null ? '' : ` (goal >= ${goal}x)`
  console.log(
    `${name}: scipy ${readable(theirs)}, ours ${readable(ours)}, ${ratio.toFixed(1)}x${aim} ${verdict(goal === null ? null : ratio >= goal)}`,
  )
}

async function againstScipy(): Promise<void> {
  const scipy = startScipy()
  if ('missing' in scipy) {
    console.log(`SKIPPED: the comparison with scipy, because scipy cannot be had here: ${scipy.missing}`)
    return
  }
  try {
    console.log(
      `Against ${(await scipy.ask({ kind: 'version' })).version}; Node ${process.version}; CPU time, least of alternated runs`,
    )
    await runContests(scipy, printOutcome)
  } finally {
    scipy.stop()
  }
}

await againstScipy()
console.log('On its own')
for (const { name, seconds, limit } of absoluteReadings()) {
  const aim = limit === null ? '' : ` (goal <= ${readable(limit)}) ${verdict(seconds <= limit)}`
  console.log(`${name}: ${readable(seconds)}${aim}`)
}
