import type { Happened } from '@modelyard/services'
import { type FinishedSpan, recordSpan } from '@modelyard/telemetry'
import type { Loop } from './loop.ts'
import type { Wired } from './wire.ts'

const NAMES: Record<Happened['kind'], string> = {
  job_placed: 'plan',
  attempt_ended: 'attempt ended',
  rollout_decided: 'rollout decision',
  drift_judged: 'drift report',
  alert_sent: 'alert delivery',
  webhook_sent: 'webhook delivery',
  blobs_collected: 'bytes collected',
  records_taken: 'records taken',
}

/** `jobId` is `modelyard.job.id`, `waitedMs` is `modelyard.waited_ms`. */
const attributeOf = (key: string) =>
  `modelyard.${key.replace(/Id$/, '.id').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`

/** The span of something that a run of a loop did: in the trace of its job, or a trace of its own. */
export function spanOf(event: Happened): Pick<FinishedSpan, 'parent' | 'attributes'> & { name: string } {
  const { kind, ...facts } = event
  const parent = 'traceparent' in facts ? facts.traceparent : null
  const attributes = Object.fromEntries(
    Object.entries(facts)
      .filter(([key, value]) => key !== 'traceparent' && value !== null)
      .map(([key, value]) => [attributeOf(key), value as string | number]),
  )
  return { name: NAMES[kind], parent, attributes }
}

/** The same loop, leaving a span for each thing that a run did and none for a run that found nothing to do. */
export function traced(loop: Loop<Wired>): Loop<Wired> {
  return {
    ...loop,
    run: async (wired) => {
      const startMs = Date.now()
      const events: Happened[] = []
      const happened = (event: Happened) => {
        events.push(event)
        wired.ctx.happened(event)
      }
      try {
        await loop.run({ ...wired, ctx: { ...wired.ctx, happened } })
      } finally {
        const endMs = Date.now()
        for (const event of events) {
          const { name, ...span } = spanOf(event)
          recordSpan(name, { ...span, startMs, endMs })
        }
      }
    },
  }
}
