/** Keeps routes and keys as the API wants them, and keeps serving the last good ones when it cannot be asked. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Snapshot, SnapshotEndpoint } from '@modelyard/contracts/gateway'
import type { Admission } from '../admission/admit.ts'
import type { ControlPlane } from '../control-plane.ts'
import type { Log } from '../log.ts'
import type { RoutingTable } from '../serving/table.ts'
import type { BlobCache } from './blobs.ts'
import { loadSnapshot, saveSnapshot } from './file.ts'

export type FollowOptions = {
  dir: string
  name: string
  bootId: string
  control: ControlPlane
  table: RoutingTable
  admission: Admission
  blobs: BlobCache
  log: Log
  pollMs: number
  beatMs: number
}

const MIN_BACKOFF_MS = 250
const MAX_BACKOFF_MS = 5000
const RETRY_LOAD_MS = 15_000
const KEEP_BLOBS_MS = 7 * 86_400_000

export class SnapshotFollower {
  readonly #options: FollowOptions
  readonly #stop = new AbortController()
  readonly #lastGood = new Map<string, SnapshotEndpoint>()
  #newest: Snapshot | undefined
  #settled = false
  #saving: Promise<void> = Promise.resolve()
  #unreachable = false
  #loops: Promise<void>[] = []

  constructor(options: FollowOptions) {
    this.#options = options
  }

  /** The newest generation that was accepted; -1 before the first. */
  get generation(): number {
    return this.#newest?.generation ?? -1
  }

  /** What is missing before requests can be answered. */
  missing(): string[] {
    if (!this.#newest) return ['snapshot']
    return this.#settled ? [] : ['models']
  }

  /** Serves what is on disk at once, and follows the API from then on. */
  async start(): Promise<void> {
    const { dir, log } = this.#options
    const kept = await loadSnapshot(dir, log)
    if (kept) {
      for (const endpoint of kept.endpoints) this.#lastGood.set(endpoint.id, endpoint)
      log.info({ generation: kept.generation, endpoints: kept.endpoints.length }, 'serving from the snapshot on disk')
      this.#accept(kept)
    }
    this.#loops = [this.#follow(), this.#beat(), this.#retry()]
  }

  /** To be called whenever the table moved: keeps it on disk and tells the API. */
  moved(): void {
    for (const endpoint of this.#options.table.served()) this.#lastGood.set(endpoint.id, endpoint)
    this.#save()
    void this.#report()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#loops)
    await this.#saving
  }

  async #follow(): Promise<void> {
    const { control, pollMs, log } = this.#options
    let backoffMs = MIN_BACKOFF_MS
    // What did not load before a restart is wanted again, so the first pull asks for everything.
    let have = -1
    while (!this.#stop.signal.aborted) {
      try {
        const snapshot = await control.pull(have, pollMs)
        this.#reached()
        backoffMs = MIN_BACKOFF_MS
        if (snapshot && !this.#isOlder(snapshot)) {
          this.#accept(snapshot)
          have = snapshot.generation
        } else if (snapshot) await this.#pause(MAX_BACKOFF_MS)
      } catch (error) {
        if (this.#stop.signal.aborted) return
        if (!this.#unreachable)
          log.warn({ err: error }, 'the API cannot be asked; the last good snapshot goes on serving')
        this.#unreachable = true
        await this.#pause(backoffMs)
        backoffMs = Math.min(MAX_BACKOFF_MS, backoffMs * 2)
      }
    }
  }

  #reached(): void {
    if (this.#unreachable) this.#options.log.info({}, 'the API answers again')
    this.#unreachable = false
  }

  #isOlder(snapshot: Snapshot): boolean {
    if (snapshot.generation >= this.generation) return false
    const facts = { offered: snapshot.generation, serving: this.generation }
    this.#options.log.error(facts, 'the API offers an older snapshot than is served; it is refused')
    return true
  }

  #accept(snapshot: Snapshot): void {
    const { admission, table, log } = this.#options
    this.#newest = snapshot
    admission.replaceKeys(snapshot.keys)
    const known = new Set(snapshot.endpoints.map(({ id }) => id))
    for (const id of this.#lastGood.keys()) if (!known.has(id)) this.#lastGood.delete(id)
    table.offer(snapshot).then(
      () => {
        this.#settled = true
        void this.#report()
      },
      (error: unknown) => log.error({ err: error }, 'a snapshot could not be taken'),
    )
    this.#save()
  }

  // One write at a time, and always of the newest state.
  #save(): void {
    const { dir, log, blobs } = this.#options
    this.#saving = this.#saving.then(async () => {
      if (!this.#newest) return
      try {
        await saveSnapshot(dir, { ...this.#newest, endpoints: [...this.#lastGood.values()] })
        await blobs.sweep(this.#namedBlobs(), Date.now() - KEEP_BLOBS_MS)
      } catch (error) {
        log.error({ err: error }, 'the snapshot cannot be kept on disk; a cold start would serve an older one')
      }
    })
  }

  #namedBlobs(): Set<string> {
    const endpoints = [...this.#lastGood.values(), ...(this.#newest?.endpoints ?? [])]
    return new Set(endpoints.flatMap(({ variants }) => variants.map(({ sha256 }) => sha256)))
  }

  async #report(): Promise<void> {
    const { control, table, name, bootId } = this.#options
    const endpoints = table.served().map(({ id, generation }) => ({ endpointId: id, generation }))
    // The next beat says it again.
    await control.observe({ name, bootId, endpoints }).catch(() => undefined)
  }

  async #beat(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#report()
      await this.#pause(this.#options.beatMs)
    }
  }

  async #retry(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#pause(RETRY_LOAD_MS)
      if (!this.#stop.signal.aborted) await this.#options.table.retry()
    }
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined)
  }
}
