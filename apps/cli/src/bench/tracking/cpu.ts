import { readdirSync, readFileSync } from 'node:fs'
import { withDescendants } from '../../stack/descendants.ts'

/** Milliseconds that these processes and all they started have run on a processor; 0 where the system does not say. */
export function cpuMsOf(pids: readonly number[]): number {
  return withDescendants([...pids]).reduce((sum, { pid }) => sum + ofProcess(pid), 0)
}

function ofProcess(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    return threads.reduce((sum, thread) => sum + ofThread(`/proc/${pid}/task/${thread}/schedstat`), 0)
  } catch {
    return 0
  }
}

/** Its first field is the time on a processor in nanoseconds; a thread may have ended meanwhile. */
function ofThread(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8').split(' ')[0]) / 1e6
  } catch {
    return 0
  }
}
