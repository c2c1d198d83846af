import { expect, test } from 'vitest'
import { spanOf } from './traced.ts'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

test('what is done for a job goes on with the trace in which it was submitted', () => {
  const placed = { kind: 'job_placed', jobId: 'job_1', attemptId: 'att_1', runnerId: 'rnr_1', waitedMs: 12 } as const
  expect(spanOf({ ...placed, traceparent })).toEqual({
    name: 'plan',
    parent: traceparent,
    attributes: {
      'modelyard.job.id': 'job_1',
      'modelyard.attempt.id': 'att_1',
      'modelyard.runner.id': 'rnr_1',
      'modelyard.waited_ms': 12,
    },
  })
  expect(spanOf({ ...placed, traceparent: null }).parent).toBeNull()
})

test('what nobody asked for is a trace of its own', () => {
  const decided = { kind: 'rollout_decided', rolloutId: 'ro_1', endpointId: 'ep_1' } as const
  const { name, parent } = spanOf({ ...decided, decision: 'roll_back', reason: 'quality' })
  expect({ name, parent }).toEqual({ name: 'rollout decision', parent: null })
})
