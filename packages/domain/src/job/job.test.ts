import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AttemptEnd, classifyExit, decideEnding, type JobCounters, retryDelayMs } from './ending.ts'
import { acceptBatch, acceptChunk } from './log-offset.ts'
import {
  ATTEMPT_STATES,
  ATTEMPT_TRANSITIONS,
  canMoveAttempt,
  canMoveJob,
  FAIL_CLASSES,
  isAttemptOver,
  isJobOver,
  JOB_STATES,
  requireJobMove,
} from './state.ts'

const fresh: JobCounters = {
  attemptNo: 1,
  maxAttempts: 3,
  infraRestarts: 0,
  maxInfraRestarts: 2,
  cancelRequested: false,
}
const userFault: AttemptEnd = { kind: 'failed', failClass: 'user', message: 'exit code 1' }

const ends: fc.Arbitrary<AttemptEnd> = fc.oneof(
  fc.constantFrom<AttemptEnd>({ kind: 'succeeded' }, { kind: 'canceled' }, { kind: 'preempted' }, { kind: 'lost' }),
  fc.constant<AttemptEnd>({ kind: 'rejected', message: 'disk full' }),
  fc.constantFrom(...FAIL_CLASSES).map((failClass): AttemptEnd => ({ kind: 'failed', failClass, message: 'x' })),
)

describe('transitions', () => {
  it('end where they should', () => {
    expect(JOB_STATES.filter(isJobOver)).toEqual(['succeeded', 'failed', 'canceled'])
    expect(ATTEMPT_STATES.filter(isAttemptOver)).toEqual([
      'succeeded',
      'failed',
      'canceled',
      'preempted',
      'lost',
      'rejected',
    ])
    expect(() => requireJobMove('succeeded', 'queued')).toThrow(/succeeded job cannot become queued/)
    expect(canMoveAttempt('suspect', 'running')).toBe(true)
    expect(canMoveAttempt('lost', 'running')).toBe(false)
    expect(ATTEMPT_TRANSITIONS.offered).toContain('rejected')
  })
})

describe('decideEnding', () => {
  it.each<[AttemptEnd, Partial<JobCounters>, object]>([
    [{ kind: 'succeeded' }, {}, { attempt: 'succeeded', job: 'succeeded', failClass: null }],
    [{ kind: 'succeeded' }, { cancelRequested: true }, { attempt: 'succeeded', job: 'succeeded' }],
    [{ kind: 'canceled' }, {}, { attempt: 'canceled', job: 'canceled' }],
    [userFault, { cancelRequested: true }, { attempt: 'canceled', job: 'canceled' }],
    [{ kind: 'lost' }, { cancelRequested: true }, { attempt: 'lost', job: 'canceled' }],
    [userFault, {}, { attempt: 'failed', job: 'queued', availableInMs: 2000, failClass: 'user' }],
    [userFault, { attemptNo: 2 }, { job: 'queued', availableInMs: 4000 }],
    [userFault, { attemptNo: 3 }, { job: 'failed', availableInMs: 0, reason: 'exit code 1' }],
    [userFault, { attemptNo: 4, infraRestarts: 2 }, { job: 'queued' }],
    [userFault, { attemptNo: 5, infraRestarts: 2 }, { job: 'failed' }],
    [{ kind: 'lost' }, {}, { attempt: 'lost', job: 'queued', infraRestarts: 1, availableInMs: 0, failClass: 'lost' }],
    [{ kind: 'lost' }, { infraRestarts: 2 }, { attempt: 'lost', job: 'failed' }],
    [{ kind: 'preempted' }, {}, { attempt: 'preempted', job: 'queued', infraRestarts: 1, failClass: 'preempt' }],
    [
      { kind: 'rejected', message: 'full' },
      { infraRestarts: 9 },
      { attempt: 'rejected', job: 'queued', infraRestarts: 10 },
    ],
    [
      { kind: 'failed', failClass: 'infra', message: 'store' },
      {},
      { attempt: 'failed', job: 'queued', availableInMs: 1000 },
    ],
    [
      { kind: 'failed', failClass: 'oom', message: 'x' },
      { attemptNo: 3 },
      { attempt: 'failed', job: 'failed', failClass: 'oom' },
    ],
    [{ kind: 'failed', failClass: 'timeout', message: 'x' }, {}, { attempt: 'failed', job: 'queued' }],
  ])('%o with %o gives %o', (end, counters, expected) => {
    expect(decideEnding({ ...fresh, ...counters }, end)).toMatchObject(expected)
  })

  it('always ends the attempt by an allowed arrow, moves the job by one, and stops for ever', () => {
    fc.assert(
      fc.property(
        fc.array(ends, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        (sequence, maxAttempts) => {
          let job: JobCounters = { ...fresh, attemptNo: 0, maxAttempts }
          for (const end of sequence) {
            job = { ...job, attemptNo: job.attemptNo + 1 }
            const ending = decideEnding(job, end)
            expect(isAttemptOver(ending.attempt)).toBe(true)
            expect(canMoveAttempt(end.kind === 'rejected' ? 'offered' : 'running', ending.attempt)).toBe(true)
            expect(canMoveJob('active', ending.job)).toBe(true)
            expect(ending.availableInMs).toBeGreaterThanOrEqual(0)
            job = { ...job, infraRestarts: ending.infraRestarts }
            if (ending.job !== 'queued') return
            expect(job.attemptNo - job.infraRestarts).toBeLessThan(maxAttempts)
          }
        },
      ),
    )
  })

  it('backs off by doubling, up to five minutes', () => {
    expect([1, 2, 3, 8, 9, 100].map(retryDelayMs)).toEqual([2000, 4000, 8000, 256_000, 300_000, 300_000])
  })
})

describe('classifyExit', () => {
  it.each([
    [{ exitCode: 0 }, { kind: 'succeeded' }],
    [{ exitCode: 0, stopReason: 'cancel' as const }, { kind: 'succeeded' }],
    [{ exitCode: 143, stopReason: 'cancel' as const }, { kind: 'canceled' }],
    [{ exitCode: 75 }, { kind: 'preempted' }],
    [{ exitCode: 75, stopReason: 'timeout' as const }, { kind: 'preempted' }],
    [
      { exitCode: null, signal: 'SIGTERM', stopReason: 'timeout' as const },
      { kind: 'failed', failClass: 'timeout' },
    ],
    [{ exitCode: null, signal: 'SIGTERM', stopReason: 'preempt' as const }, { kind: 'preempted' }],
    [{ exitCode: null, signal: 'SIGKILL', stopReason: 'fenced' as const }, { kind: 'lost' }],
    [
      { exitCode: null, signal: 'SIGKILL' },
      { kind: 'failed', failClass: 'oom' },
    ],
    [
      { exitCode: 1, outOfMemory: true },
      { kind: 'failed', failClass: 'oom' },
    ],
    [{ exitCode: 1 }, { kind: 'failed', failClass: 'user', message: 'ended with exit code 1' }],
    [
      { exitCode: null, signal: 'SIGSEGV' },
      { kind: 'failed', failClass: 'user', message: 'ended by SIGSEGV' },
    ],
  ])('%o is %o', (exit, end) => {
    expect(classifyExit(exit)).toMatchObject(end)
  })
})

describe('acceptChunk', () => {
  it.each([
    [0, 0, 5, { kind: 'append', skipBytes: 0, sizeBytes: 5 }],
    [5, 5, 3, { kind: 'append', skipBytes: 0, sizeBytes: 8 }],
    [5, 3, 4, { kind: 'append', skipBytes: 2, sizeBytes: 7 }],
    [5, 0, 5, { kind: 'duplicate', sizeBytes: 5 }],
    [5, 2, 0, { kind: 'duplicate', sizeBytes: 5 }],
    [5, 6, 1, { kind: 'gap', nextBytes: 5 }],
  ])('size %d, chunk at %d of %d bytes: %o', (size, off, length, verdict) => {
    expect(acceptChunk(size, off, length)).toEqual(verdict)
  })

  it('rebuilds the log from chunks that come late, doubled and out of order', () => {
    const sends = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 20 })), { maxLength: 40 })
    fc.assert(
      fc.property(sends, (chunks) => {
        const log = Array.from({ length: 80 }, (_, index) => index)
        const stored: number[] = []
        for (const [off, length] of [...chunks, [0, 80] as const]) {
          const verdict = acceptChunk(stored.length, off, length)
          if (verdict.kind !== 'append') continue
          stored.push(...log.slice(off, off + length).slice(verdict.skipBytes))
          expect(stored.length).toBe(verdict.sizeBytes)
        }
        expect(stored).toEqual(log)
      }),
    )
  })

  it('takes each metric batch once and in order', () => {
    expect(acceptBatch(0, 0)).toEqual({ kind: 'append', nextSeq: 1 })
    expect(acceptBatch(3, 2)).toEqual({ kind: 'duplicate', nextSeq: 3 })
    expect(acceptBatch(3, 4)).toEqual({ kind: 'gap', nextSeq: 3 })
  })
})
