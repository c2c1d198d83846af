import type { Listener } from '@modelyard/db'

export type ChangeNudge = { noun: string; id: string; projectId: string }
type WakeChannel = 'modelyard_runner' | 'modelyard_routes'
type Payload = Record<string, string>

/**
 * Armed before the state is read and waited on after it, so that a nudge between the two is not lost:
 * `const ear = arm('modelyard_runner', …); read(); await ear.wait(waitMs); ear.disarm()`.
 */
export type Arm = (channel: WakeChannel, match?: (payload: Payload) => boolean) => Armed
export type Armed = {
  /** Ends at the first matching nudge since arming, after a gap in listening, at the timeout or at the abort. */
  wait: (waitMs: number, signal?: AbortSignal) => Promise<void>
  disarm: () => void
}

export type Hub = {
  arm: Arm
  /** Changed rows as they commit; `reconnected` after a gap. */
  changes: (signal: AbortSignal) => AsyncGenerator<ChangeNudge | 'reconnected'>
  alive: () => boolean
}

const QUEUE_CAP = 1000

/** The waits and feeds of one process over its one LISTEN connection. */
export function createHub(listener: Listener): Hub {
  return {
    arm: (channel, match) => armOn(listener, channel, match),
    changes: (signal) => changesOf(listener, signal),
    alive: () => listener.alive(),
  }
}

function armOn(listener: Listener, channel: WakeChannel, match: (payload: Payload) => boolean = () => true): Armed {
  let woken = false
  let wake = () => {}
  const stop = listener.on(channel, (nudge) => {
    if (nudge !== 'reconnected' && !match(nudge as Payload)) return
    woken = true
    wake()
  })
  const wait = (waitMs: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (woken || waitMs <= 0 || signal?.aborted) return resolve()
      const done = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, waitMs)
      signal?.addEventListener('abort', done, { once: true })
      wake = done
    })
  return { wait, disarm: stop }
}

async function* changesOf(listener: Listener, signal: AbortSignal): AsyncGenerator<ChangeNudge | 'reconnected'> {
  let waiting: (ChangeNudge | 'reconnected')[] = []
  let wake = () => {}
  const stop = listener.on('modelyard_change', (nudge) => {
    // A reader too slow for its queue reads everything again instead of holding our memory.
    if (waiting.length >= QUEUE_CAP) waiting = ['reconnected']
    else waiting.push(nudge as ChangeNudge | 'reconnected')
    wake()
  })
  const onAbort = () => wake()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    while (!signal.aborted) {
      const next = waiting.shift()
      if (next !== undefined) yield next
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    stop()
    signal.removeEventListener('abort', onAbort)
  }
}
