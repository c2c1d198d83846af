/** Sends segments to the API, oldest first, and deletes each only after it was acknowledged. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ingest, Ingested } from '@modelyard/contracts/gateway'
import type { z } from 'zod'
import type { Log } from '../log.ts'
import { predictionsOf, secondsOf } from './outcome.ts'
import { parseLines, segmentOf } from './segment.ts'
import type { Spool } from './spool.ts'

export type ShipOptions = {
  spool: Spool
  /** @throws when the API did not answer; `isRefused` tells whether it answered no */
  ingest: (batch: z.infer<typeof Ingest>) => Promise<z.infer<typeof Ingested>>
  /** Whether an error means that the same batch will never be taken. */
  isRefused: (error: unknown) => boolean
  log: Log
  pollMs: number
}

export type ShipStats = {
  shipped: number
  refusedRows: number
  refusedSegments: number
  tornLines: number
  failing: boolean
}

const MIN_BACKOFF_MS = 250
const MAX_BACKOFF_MS = 10_000

export class Shipper {
  readonly stats: ShipStats = { shipped: 0, refusedRows: 0, refusedSegments: 0, tornLines: 0, failing: false }
  readonly #options: ShipOptions
  readonly #stop = new AbortController()
  #done: Promise<void> | undefined

  constructor(options: ShipOptions) {
    this.#options = options
  }

  start(): void {
    this.#done = this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#done
  }

  /** Sends everything that is sealed; stops at the first failure. Returns whether all is sent. */
  async shipAll(): Promise<boolean> {
    for (const name of this.#options.spool.sealed()) {
      try {
        await this.#ship(name)
        this.stats.failing = false
      } catch (error) {
        if (!this.stats.failing)
          this.#options.log.warn({ err: error, segment: name }, 'the prediction log waits for the API')
        this.stats.failing = true
        return false
      }
    }
    return true
  }

  async #run(): Promise<void> {
    let backoffMs = MIN_BACKOFF_MS
    while (!this.#stop.signal.aborted) {
      const sent = await this.shipAll()
      const waitMs = sent ? this.#options.pollMs : backoffMs
      backoffMs = sent ? MIN_BACKOFF_MS : Math.min(MAX_BACKOFF_MS, backoffMs * 2)
      await sleep(waitMs, undefined, { signal: this.#stop.signal }).catch(() => undefined)
    }
  }

  async #ship(name: string): Promise<void> {
    const { spool, ingest, isRefused, log } = this.#options
    const segment = segmentOf(name)
    if (!segment) return
    const { outcomes, torn } = parseLines(spool.read(name))
    this.stats.tornLines += torn
    try {
      const { bootId, seq } = segment
      if (outcomes.length > 0) {
        const answer = await ingest({ bootId, seq, seconds: secondsOf(outcomes), predictions: predictionsOf(outcomes) })
        this.stats.refusedRows += answer.refused
      }
      this.stats.shipped += 1
    } catch (error) {
      if (!isRefused(error)) throw error
      // It would be refused for ever and hold up all that follows.
      this.stats.refusedSegments += 1
      log.error(
        { err: error, segment: name, rows: outcomes.length },
        'the API refuses a segment of the prediction log; it is dropped',
      )
    }
    spool.delete(name)
  }
}
