import { setTimeout as sleep } from 'node:timers/promises'
import { deadManMs } from '@modelyard/domain'
import { inject, withSpan } from '@modelyard/telemetry'
import { type Api, asRefusal } from '../api.ts'
import { readJson, writeJson } from '../disk.ts'
import type { Executor } from '../executors/executor.ts'
import { type Exit, type Folder, MetricCursor, removeFolder, type Stop } from './folder.ts'
import type { Kept } from './kept.ts'
import { type Around, GRACE_MS, launchOf, layOut } from './prepare.ts'
import { type Report, reportOf } from './report.ts'
import { logShipper } from './ship-log.ts'
import { metricShipper } from './ship-metrics.ts'
import { shipOutputs } from './ship-outputs.ts'

const LOOK_MS = 400
/** Stopping takes its grace, and clocks and messages take theirs. */
const FENCE_MARGIN_MS = GRACE_MS + 3_000

export type Log = { info: (detail: object, message: string) => void; warn: (detail: object, message: string) => void }
export type AttemptPorts = {
  api: Api
  executor: Executor
  log: Log
  /** Null when this machine has no such recipe. */
  commandOf: (recipe: string) => string[] | null
  /** What training programs get of this process's surroundings: the search path, and where traces go. */
  around: Pick<Around, 'path' | 'otlpEndpoint' | 'apiUrl'>
  /** The server's lease: it never waits less than this before it gives an attempt away. */
  leaseMs: () => number
  onEnd: (outcome: string) => void
}
type Subject = { kept: Kept; folder: Folder }

export type LiveAttempt = {
  attemptId: string
  fence: number
  /** A beat or accept that was sent then, on the monotonic clock, was answered well. */
  renew: (sentMs: number) => void
  stop: (order: Stop) => void
  /** Another attempt has taken over: end it now, and say nothing. */
  kill: () => void
  done: Promise<void>
}

class Fenced extends Error {}

/** Carry an attempt from wherever it stands on this disk to its recorded end. */
export function carryOn(ports: AttemptPorts, subject: Subject): LiveAttempt {
  const { kept, folder } = subject
  const ended = new AbortController()
  const early = new AbortController()
  let order: Stop | null = null
  const work = { ports, subject, signal: ended.signal, early: early.signal, order: () => order }
  const attributes = { 'modelyard.job.id': kept.jobId, 'modelyard.attempt.id': kept.attemptId }
  const done = withSpan('attempt', { parent: kept.accepted.traceparent, attributes }, () => toItsEnd(work))
  return {
    attemptId: kept.attemptId,
    fence: kept.accepted.fence,
    renew: (sentMs) => {
      const fenceMs = Math.max(kept.accepted.fenceAfterMs, ports.leaseMs())
      const marginMs = Math.min(FENCE_MARGIN_MS, fenceMs / 2)
      if (!ended.signal.aborted) writeJson(folder.lease, { deadlineMs: sentMs + deadManMs(fenceMs, marginMs) })
    },
    stop: (asked) => {
      if (order) return
      order = asked
      ports.log.info({ ...attributes, reason: asked.reason }, 'an attempt is to stop')
      ports.executor.signal(folder, asked)
      early.abort()
    },
    kill: () => ended.abort(new Fenced('another attempt took over')),
    done,
  }
}

type Work = {
  ports: AttemptPorts
  subject: Subject
  signal: AbortSignal
  early: AbortSignal
  order: () => Stop | null
}

async function toItsEnd(work: Work): Promise<void> {
  const { ports, subject, signal } = work
  const { attemptId } = subject.kept
  try {
    const report = await runAndShip(work)
    ports.onEnd(report.outcome)
    ports.log.info({ attemptId, outcome: report.outcome, reason: report.reason }, 'an attempt ended')
  } catch (error) {
    const refusal = asRefusal(error)
    const message = signal.aborted || refusal?.code === 'fenced' ? 'an attempt was fenced' : 'an attempt was given up'
    ports.log.warn({ attemptId, err: error }, message)
    ports.executor.signal(subject.folder, 'kill')
    ports.onEnd('abandoned')
    if (!signal.aborted && !refusal) await tellFault(work, error)
  }
  removeFolder(subject.folder)
}

async function runAndShip(work: Work): Promise<Report> {
  const { ports, subject, signal } = work
  const { kept, folder } = subject
  const log = logShipper(ports.api, kept, folder.log)
  const metrics = metricShipper(ports.api, kept, folder)
  const shipLive = async () => {
    await log.ship(signal, false)
    await metrics.ship(signal, false)
  }
  const exit = (await download(work)) ?? (await withSpan('train', {}, () => train(work, shipLive)))
  const upload = async () => {
    const nextMetricSeq = await metrics.ship(signal, true)
    if (exit !== 'gone' && exit.exitCode === 0) await shipOutputs(ports.api, subject, signal)
    return reportOf(subject, exit, { logBytes: await log.ship(signal, true), nextMetricSeq })
  }
  const finish = (report: Report) =>
    ports.api.persist('finish', (each) => ports.api.runner.finish.mutate(report, { signal: each }), { signal })
  for (;;) {
    const report = await withSpan('upload', {}, upload)
    try {
      await withSpan('finish', {}, () => finish(report))
      return report
    } catch (error) {
      const refusal = asRefusal(error)
      if (refusal?.code !== 'gap' || refusal.next === null || refusal.next >= report.logBytes) throw error
      log.rewind(refusal.next)
    }
  }
}

/** Get what it reads, unless it was started before. Answers how it ended when it was stopped before it began. */
async function download({ ports, subject, signal, early, order }: Work): Promise<Exit | null> {
  if (ports.executor.adopt(subject.folder).state !== 'absent') return null
  try {
    await withSpan('download', {}, () => layOut(ports.api, subject, AbortSignal.any([signal, early])))
    return null
  } catch (error) {
    const ordered = order()
    if (signal.aborted || !ordered) throw error
    return { exitCode: null, signal: null, stopReason: ordered.reason }
  }
}

/** Start it unless it was started before, and stay with it to its end. */
async function train(work: Work, ship: () => Promise<void>): Promise<Exit | 'gone'> {
  const { ports, subject } = work
  const { kept, folder } = subject
  if (ports.executor.adopt(folder).state === 'absent') {
    const command = ports.commandOf(kept.recipe)
    if (!command) throw new Error(`this runner no longer has the recipe ${kept.recipe}`)
    await ports.executor.start(folder, launchOf({ ...subject, command }, { ...ports.around, traceparent: inject() }))
    ports.log.info({ attemptId: kept.attemptId, jobId: kept.jobId, recipe: kept.recipe }, 'an attempt started')
  }
  return watch(work, ship)
}

async function watch(work: Work, ship: () => Promise<void>): Promise<Exit | 'gone'> {
  const { ports, subject, signal } = work
  for (;;) {
    signal.throwIfAborted()
    // Looked at before shipping: what is shipped then is all there will be.
    const status = ports.executor.status(subject.folder)
    await ship()
    if (status.state === 'ended') return status.exit
    if (status.state === 'gone') return 'gone'
    await sleep(LOOK_MS, undefined, { signal })
  }
}

/** A fault of this machine, with whatever of the log and the metrics has been taken by now. */
async function tellFault({ ports, subject, signal }: Work, fault: unknown): Promise<void> {
  const { kept, folder } = subject
  const claim = { attemptId: kept.attemptId, fence: kept.accepted.fence }
  const reason = fault instanceof Error ? fault.message.slice(0, 500) : 'a fault of the runner'
  try {
    const logBytes = await logShipper(ports.api, kept, folder.log).taken(signal)
    const shipped = { logBytes, nextMetricSeq: readJson(folder.cursor, MetricCursor)?.seq ?? 0 }
    const report = { ...claim, ...shipped, outcome: 'failed', exitCode: null, failClass: 'infra', reason } as const
    await ports.api.persist('finish', (each) => ports.api.runner.finish.mutate(report, { signal: each }), { signal })
  } catch (err) {
    ports.log.warn({ ...claim, err }, 'a fault could not be told')
  }
}
