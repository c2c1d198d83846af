import { readFileSync } from 'node:fs'
import { withDescendants } from '../../stack/descendants.ts'

/** Linux counts in hundredths of a second. */
const TICK_MS = 10
/** Of /proc/<pid>/stat after the name: utime, stime, and those of children that ended. */
const TIMES = [11, 12, 13, 14]

/**
 * Milliseconds that these processes, all they started and all of those that ended have run on a processor; 0 where the
 * system does not say. Exact to a few ticks, so read it around many calls and not around one.
 */
export function cpuMsOf(pids: readonly number[]): number {
  return withDescendants([...pids]).reduce((sum, { pid }) => sum + ofProcess(pid), 0)
}

function ofProcess(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return TIMES.reduce((sum, index) => sum + Number(fields[index] ?? 0) * TICK_MS, 0)
  } catch {
    return 0
  }
}
