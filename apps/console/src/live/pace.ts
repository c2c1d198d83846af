/** Work that is asked for more often than it may be done. */
export type Pace = { ask: () => void; stop: () => void }

/**
 * Does `work` at once when it is asked for, then not again before `gapMs` are over; whatever is asked meanwhile, or
 * while it is under way, is done once after it. The first of a burst waits for nothing, the last is never lost.
 */
export function createPace(gapMs: number, work: () => Promise<void>): Pace {
  let due = false
  let working = false
  let stopped = false
  let readyAt = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const go = async () => {
    timer = undefined
    if (stopped || working || !due) return
    due = false
    working = true
    readyAt = performance.now() + gapMs
    await work().catch(() => {})
    working = false
    if (due) wait()
  }
  const wait = () => {
    if (timer === undefined && !working) timer = setTimeout(() => void go(), Math.max(0, readyAt - performance.now()))
  }
  return {
    ask: () => {
      due = true
      wait()
    },
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}
