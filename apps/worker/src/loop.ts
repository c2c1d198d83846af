import type { Log } from '@modelyard/services'
import type { Metrics } from '@modelyard/telemetry'

/** Work that is found by looking: `everyMs`, and at once when kicked. */
export type Loop<W> = { name: string; everyMs: number; run: (wired: W) => Promise<void> }

export type Running = {
  /** Run now, or once more right after the present run; any number of kicks makes one run. */
  kick: () => void
  /** No further run; resolves when the present one has ended. */
  stop: () => Promise<void>
}

export type LoopTools = {
  log: Log
  metrics: Pick<Metrics<'worker'>, 'sweepDuration' | 'sweepFinished'>
  /** In [0, 1): spreads the workers' rounds. */
  unit: () => number
}

/** Start a loop that never overlaps itself. A run that fails is logged when it begins to fail and when it works again. */
export function startLoop<W>(loop: Loop<W>, wired: W, tools: LoopTools): Running {
  const { name, everyMs } = loop
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | null = null
  let again = false
  let stopped = false
  let failures = 0

  const once = async () => {
    const end = tools.metrics.sweepDuration.startTimer({ sweep: name })
    try {
      await loop.run(wired)
      end({ outcome: 'ok' })
      tools.metrics.sweepFinished.setToCurrentTime({ sweep: name })
      if (failures > 0) tools.log.info({ loop: name, failures }, 'a loop works again')
      failures = 0
    } catch (err) {
      end({ outcome: 'failed' })
      if (failures++ === 0) tools.log.error({ err, loop: name }, 'a loop failed; it goes on trying')
    }
  }
  const plan = (delayMs: number) => {
    clearTimeout(timer)
    timer = setTimeout(go, delayMs)
  }
  const go = () => {
    again = false
    running = once().finally(() => {
      running = null
      if (!stopped) plan(again ? 0 : everyMs * (0.9 + 0.2 * tools.unit()))
    })
  }
  plan(0)
  return {
    kick: () => {
      again = true
      if (running === null && !stopped) plan(0)
    },
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
