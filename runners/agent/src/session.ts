import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Greeted, type Offer, PROTOCOL_VERSION, type RunnerFacts, type StopOrder } from '@modelyard/contracts'
import type { z } from 'zod'
import { asRefusal, isFinal } from './api.ts'
import { type AttemptPorts, carryOn, type LiveAttempt } from './attempt/attempt.ts'
import { Handle, listFolders, makeFolder, removeFolder } from './attempt/folder.ts'
import { Kept } from './attempt/kept.ts'
import { readJson, writeJson } from './disk.ts'
import { bootId, monotonicMs } from './processes.ts'

const REPROBE_MS = 60_000
const REFUSED_PAUSE_MS = 10_000
const POLL_GRACE_MS = 10_000
const STOP_MS = 3_000

type Facts = z.output<typeof RunnerFacts>
export type SessionPorts = Omit<AttemptPorts, 'leaseMs'> & {
  runnerDir: string
  facts: () => Promise<Facts>
  onAttempts: (count: number) => void
}

/** One run of the agent: from its hello to its leave. */
export class Session {
  readonly #ports: AttemptPorts & SessionPorts
  readonly #sessionId = randomUUID()
  readonly #attempts = new Map<string, LiveAttempt>()
  readonly #polling = new AbortController()
  readonly #beating = new AbortController()
  #greeted: z.output<typeof Greeted> = { keep: [], kill: [], beatMs: 10_000, leaseMs: 60_000, pollMs: 25_000 }
  #facts = ''
  #probedMs = Number.NEGATIVE_INFINITY

  constructor(ports: SessionPorts) {
    this.#ports = { ...ports, leaseMs: () => this.#greeted.leaseMs }
  }

  /** Until `leave` is called. What an earlier agent left is taken up first. */
  async run(): Promise<void> {
    const left = this.#findLeft()
    await this.#hello(left.map(({ kept }) => ({ attemptId: kept.attemptId, fence: kept.accepted.fence })))
    for (const { kept, folder } of left) {
      this.#ports.log.info({ attemptId: kept.attemptId, jobId: kept.jobId }, 'taking up an attempt')
      const live = this.#carry(carryOn(this.#ports, { kept, folder }))
      if (this.#greeted.kill.includes(kept.attemptId)) live.kill()
    }
    await Promise.all([this.#poll(), this.#beat()])
  }

  /** Take no more, give what runs its time, then stop it; what could not be told by then is told at the next start. */
  async leave(drainMs: number): Promise<void> {
    this.#polling.abort()
    const { api, log } = this.#ports
    await api.runner.leave
      .mutate({ sessionId: this.#sessionId }, { signal: AbortSignal.timeout(1_000) })
      .catch((err: unknown) => log.warn({ err }, 'could not say that this runner leaves'))
    await this.#settled(drainMs)
    for (const live of this.#attempts.values()) live.stop({ reason: 'drain', graceMs: STOP_MS / 2 })
    await this.#settled(STOP_MS)
    this.#beating.abort()
  }

  async #settled(limitMs: number): Promise<void> {
    const all = Promise.all([...this.#attempts.values()].map(({ done }) => done))
    const late = new AbortController()
    await Promise.race([all, sleep(limitMs, undefined, { signal: late.signal })])
    late.abort()
  }

  #findLeft() {
    const boot = bootId()
    return listFolders(join(this.#ports.runnerDir, 'attempts')).flatMap((folder) => {
      const kept = readJson(folder.kept, Kept)
      const handle = readJson(folder.handle, Handle)
      const { state } = this.#ports.executor.status(folder)
      // Nothing survives a reboot but what had ended before it.
      const isDead = handle !== null && handle.bootId !== boot && state !== 'ended'
      if (kept && !isDead) return [{ kept, folder }]
      removeFolder(folder)
      return []
    })
  }

  #carry(live: LiveAttempt): LiveAttempt {
    live.renew(monotonicMs())
    this.#attempts.set(live.attemptId, live)
    this.#ports.onAttempts(this.#attempts.size)
    const settle = () => {
      this.#attempts.delete(live.attemptId)
      this.#ports.onAttempts(this.#attempts.size)
    }
    live.done.then(settle, settle)
    return live
  }

  #live() {
    return [...this.#attempts.values()].map(({ attemptId, fence }) => ({ attemptId, fence }))
  }

  async #hello(live = this.#live()): Promise<void> {
    const { api, facts } = this.#ports
    const current = await facts()
    this.#facts = JSON.stringify(current)
    this.#probedMs = monotonicMs()
    const hello = { sessionId: this.#sessionId, bootId: bootId(), protocol: PROTOCOL_VERSION, facts: current, live }
    const { signal } = this.#polling
    this.#greeted = await api.persist('hello', (each) => api.runner.hello.mutate(hello, { signal: each }), { signal })
    for (const attemptId of this.#greeted.kill) this.#attempts.get(attemptId)?.kill()
  }

  /** Devices come and go; the control plane hears of it at the next look. */
  async #helloIfChanged(): Promise<void> {
    if (monotonicMs() - this.#probedMs < REPROBE_MS) return
    this.#probedMs = monotonicMs()
    if (JSON.stringify(await this.#ports.facts()) !== this.#facts) await this.#hello()
  }

  async #poll(): Promise<void> {
    const { signal } = this.#polling
    while (!signal.aborted) {
      try {
        await this.#helloIfChanged()
        await this.#pollOnce(signal)
      } catch (error) {
        if (signal.aborted) return
        const isStale = asRefusal(error)?.code === 'stale'
        if (isStale) await this.#hello().catch(() => {})
        else {
          this.#ports.log.warn({ err: error }, 'the control plane refuses this runner')
          await sleep(REFUSED_PAUSE_MS, undefined, { signal }).catch(() => {})
        }
      }
    }
  }

  async #pollOnce(signal: AbortSignal): Promise<void> {
    const { api } = this.#ports
    const waitMs = this.#greeted.pollMs
    const poll = (each: AbortSignal) => api.runner.poll.mutate({ sessionId: this.#sessionId, waitMs }, { signal: each })
    const { offers, stops } = await api.persist('poll', poll, { signal, tryMs: waitMs + POLL_GRACE_MS })
    this.#stop(stops)
    // One after another and before the next poll, which would hand them out again.
    for (const offer of offers) await this.#take(offer, signal)
  }

  #stop(orders: StopOrder[]): void {
    for (const { attemptId, reason, graceMs } of orders) this.#attempts.get(attemptId)?.stop({ reason, graceMs })
  }

  async #take(offer: z.output<typeof Offer>, signal: AbortSignal): Promise<void> {
    const { api, log, commandOf, runnerDir } = this.#ports
    const { attemptId, jobId, recipe } = offer
    if (this.#attempts.has(attemptId)) return
    try {
      if (!commandOf(recipe)) {
        const no = { attemptId, reason: `it does not have the recipe ${recipe}` }
        await api.persist('reject', (each) => api.runner.attempt.reject.mutate(no, { signal: each }), { signal })
        return
      }
      let sentMs = monotonicMs()
      const accept = (each: AbortSignal) => {
        sentMs = monotonicMs()
        return api.runner.attempt.accept.mutate({ attemptId }, { signal: each })
      }
      const accepted = await api.persist('accept', accept, { signal })
      const folder = makeFolder(join(runnerDir, 'attempts'), attemptId)
      const kept: Kept = { attemptId, jobId, recipe, accepted }
      writeJson(folder.kept, kept)
      this.#carry(carryOn(this.#ports, { kept, folder })).renew(sentMs)
    } catch (err) {
      if (signal.aborted) throw err
      log.warn({ attemptId, err }, 'an offer was not taken')
    }
  }

  /** Renewals come from here and never from the training, which may starve the machine. */
  async #beat(): Promise<void> {
    const { signal } = this.#beating
    let pause = this.#greeted.beatMs
    while (!signal.aborted) {
      await sleep(pause * (0.8 + 0.2 * Math.random()), undefined, { signal }).catch(() => {})
      pause = this.#greeted.beatMs
      if (signal.aborted || this.#attempts.size === 0) continue
      const isGood = await this.#beatOnce(signal)
      if (!isGood) pause = this.#greeted.beatMs / 10
    }
  }

  async #beatOnce(signal: AbortSignal): Promise<boolean> {
    const { api, log } = this.#ports
    const live = this.#live()
    const sentMs = monotonicMs()
    try {
      const each = AbortSignal.any([signal, AbortSignal.timeout(this.#greeted.beatMs)])
      const { stops, fenced } = await api.runner.beat.mutate({ sessionId: this.#sessionId, live }, { signal: each })
      for (const { attemptId } of live) {
        const attempt = this.#attempts.get(attemptId)
        if (fenced.includes(attemptId)) attempt?.kill()
        else attempt?.renew(sentMs)
      }
      this.#stop(stops)
      return true
    } catch (err) {
      if (!signal.aborted && !isFinal(err)) log.warn({ err }, 'a beat was not answered')
      return false
    }
  }
}
