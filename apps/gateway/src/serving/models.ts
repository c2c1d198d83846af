/** Loaded models by hash: shared by every endpoint that serves the same bytes, unloaded when none does any more. */
import type { SnapshotEndpoint } from '@modelyard/contracts/gateway'
import type { createModelPool, ModelPool } from '@modelyard/inference'
import type { Log } from '../log.ts'
import type { BlobCache } from '../snapshot/blobs.ts'

export type SnapshotVariant = SnapshotEndpoint['variants'][number]

/** What a route holds while it serves a model; give it back with `release` when requests no longer choose it. */
export type ModelLease = { pool: ModelPool; release: () => void }

export type PoolLimits = Omit<Parameters<typeof createModelPool>[0], 'modelPath' | 'sha256' | 'signature'>

type Entry = { pool: Promise<ModelPool>; loaded?: ModelPool; users: number }

// Longer than any request may take, so that unloading fails none.
const DRAIN_MS = 65_000

export class ModelCache {
  readonly #entries = new Map<string, Entry>()
  readonly #stop = new AbortController()
  readonly #deps: { blobs: BlobCache; createModelPool: typeof createModelPool; limits: PoolLimits; log: Log }

  constructor(deps: { blobs: BlobCache; createModelPool: typeof createModelPool; limits: PoolLimits; log: Log }) {
    this.#deps = deps
  }

  /** Fetches, loads and warms the model of a variant, or shares the one that is loaded. @throws when it cannot be served */
  async acquire(variant: SnapshotVariant): Promise<ModelLease> {
    const { sha256 } = variant
    const entry: Entry = this.#entries.get(sha256) ?? { pool: this.#load(variant), users: 0 }
    this.#entries.set(sha256, entry)
    entry.users += 1
    try {
      const pool = await entry.pool
      entry.loaded = pool
      let held = true
      return {
        pool,
        release: () => {
          if (held) this.#release(sha256, entry)
          held = false
        },
      }
    } catch (error) {
      if (this.#entries.get(sha256) === entry) this.#entries.delete(sha256)
      throw error
    }
  }

  /** Every loaded pool by hash, for metrics. */
  pools(): { sha256: string; pool: ModelPool }[] {
    return [...this.#entries].flatMap(([sha256, { loaded }]) => (loaded ? [{ sha256, pool: loaded }] : []))
  }

  /** Ends every model at once, loaded or loading. */
  close(): void {
    this.#stop.abort()
    this.#entries.clear()
  }

  async #load(variant: SnapshotVariant): Promise<ModelPool> {
    const { blobs, createModelPool: create, limits, log } = this.#deps
    const { sha256, sizeBytes, input, outputs } = variant
    const { signal } = this.#stop
    const modelPath = await blobs.path(sha256, sizeBytes)
    const signature = { inputs: [input], outputs }
    try {
      return await create({ ...limits, modelPath, sha256, signature, signal })
    } catch (error) {
      if (!(await blobs.discardDamaged(sha256))) throw error
      log.error({ sha256 }, 'a model on disk was damaged; it is fetched again')
      return await create({ ...limits, modelPath: await blobs.path(sha256, sizeBytes), sha256, signature, signal })
    }
  }

  #release(sha256: string, entry: Entry): void {
    entry.users -= 1
    if (entry.users > 0) return
    if (this.#entries.get(sha256) === entry) this.#entries.delete(sha256)
    entry.pool
      .then((pool) => pool.close(DRAIN_MS))
      .catch((error: unknown) => this.#deps.log.warn({ err: error, sha256 }, 'a model did not unload cleanly'))
  }
}
