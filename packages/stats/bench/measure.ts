import type { Scipy } from './scipy.ts'

/** CPU seconds of this process per call. Load by others does not count; our own garbage collection does. */
export function cpuSeconds(work: () => unknown, repeats: number): number {
  const before = process.cpuUsage()
  for (let i = 0; i < repeats; i++) work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6 / repeats
}

export type Contest = {
  name: string
  /** Makes what is ready beforehand (a sorted reference, say) and returns the work to be timed. */
  prepare: () => () => unknown
  ourRepeats: number
  /** The request to scipy; repeats included. */
  theirs: Record<string, unknown>
  /** How many times scipy's number is to be ours, at least. */
  goal: number | null
  rounds?: number
}

export type Outcome = { name: string; ours: number; theirs: number; ratio: number; goal: number | null }

/** Alternates both sides and keeps the least time of each: what the machine can do when it is left alone. */
export async function contest(
  scipy: Scipy,
  { name, prepare, ourRepeats, theirs, goal, rounds = 5 }: Contest,
): Promise<Outcome> {
  const ours = prepare()
  cpuSeconds(ours, Math.max(1, Math.ceil(ourRepeats / 4)))
  let ourBest = Number.POSITIVE_INFINITY
  let theirBest = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) {
    theirBest = Math.min(theirBest, (await scipy.ask(theirs)).seconds)
    ourBest = Math.min(ourBest, cpuSeconds(ours, ourRepeats))
  }
  return { name, ours: ourBest, theirs: theirBest, ratio: theirBest / ourBest, goal }
}

/** Seconds in a unit that reads well. */
export function readable(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(2)} s`
  if (seconds >= 1e-3) return `${(seconds * 1e3).toFixed(2)} ms`
  if (seconds >= 1e-6) return `${(seconds * 1e6).toFixed(2)} us`
  return `${(seconds * 1e9).toFixed(1)} ns`
}
