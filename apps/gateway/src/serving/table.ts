/**
 * Which endpoint is served by which loaded models, now. Each endpoint moves by itself: its new generation is loaded and
 * warmed beside the old, then one assignment switches it, then the old is drained and unloaded. A generation that does
 * not load leaves the old one serving, and an older one never replaces a newer.
 */
import type { Snapshot, SnapshotEndpoint } from '@modelyard/contracts/gateway'
import { checkSplit, type TrafficSplit } from '@modelyard/domain/traffic/choose-variant'
import type { Log } from '../log.ts'
import type { ModelCache, ModelLease, SnapshotVariant } from './models.ts'

export type ServedVariant = { variant: SnapshotVariant; lease: ModelLease }
export type Served = { endpoint: SnapshotEndpoint; split: TrafficSplit; variants: Map<string, ServedVariant> }

type Slot = { served: Served | undefined; wanted: SnapshotEndpoint; failed: boolean }

export type TableDeps = { models: ModelCache; log: Log; onChange: () => void }

/** The challenger owns the lowest buckets, as domain/traffic wants it, so that raising its weight moves no key back. */
export function splitOf(endpoint: SnapshotEndpoint): TrafficSplit {
  const inOrder = [...endpoint.variants].sort((a, b) => Number(a.role === 'stable') - Number(b.role === 'stable'))
  return { salt: endpoint.salt, shares: inOrder.map(({ id, weightBps }) => ({ variantId: id, weightBps })) }
}

export class RoutingTable {
  readonly #deps: TableDeps
  readonly #slots = new Map<string, Slot>()
  #byName = new Map<string, Served>()
  #wantedByName = new Map<string, SnapshotEndpoint>()

  constructor(deps: TableDeps) {
    this.#deps = deps
  }

  find(project: string, name: string): Served | undefined {
    return this.#byName.get(`${project}/${name}`)
  }

  /** The endpoint as the newest snapshot wants it, served already or not. */
  wanted(project: string, name: string): SnapshotEndpoint | undefined {
    return this.#wantedByName.get(`${project}/${name}`)
  }

  /** The id of a project that has an endpoint. */
  projectId(project: string): string | undefined {
    for (const { wanted } of this.#slots.values()) if (wanted.project === project) return wanted.projectId
    return undefined
  }

  /** Endpoints as they are served, which is what is kept on disk and reported. */
  served(): SnapshotEndpoint[] {
    return [...this.#slots.values()].flatMap(({ served }) => (served ? [served.endpoint] : []))
  }

  /** Endpoints whose wanted generation is not served: still loading, or failed. */
  lagging(): number {
    return [...this.#slots.values()].filter(({ served, wanted }) => served?.endpoint.generation !== wanted.generation)
      .length
  }

  /** Takes the endpoints of a snapshot as what is wanted; loading goes on after it returns. */
  offer({ endpoints }: Pick<Snapshot, 'endpoints'>): Promise<void> {
    const known = new Set(endpoints.map(({ id }) => id))
    for (const [id, slot] of this.#slots) {
      if (known.has(id)) continue
      this.#slots.delete(id)
      this.#release(slot.served)
    }
    const moves = endpoints.map((endpoint) => this.#want(endpoint))
    this.#index()
    return Promise.all(moves).then(() => undefined)
  }

  /** Tries again what did not load. */
  retry(): Promise<void> {
    const failed = [...this.#slots.values()].filter((slot) => slot.failed)
    return Promise.all(failed.map((slot) => this.#move(slot, slot.wanted))).then(() => undefined)
  }

  async #want(endpoint: SnapshotEndpoint): Promise<void> {
    const slot = this.#slots.get(endpoint.id) ?? { served: undefined, wanted: endpoint, failed: false }
    const isNew = !this.#slots.has(endpoint.id)
    this.#slots.set(endpoint.id, slot)
    if (!isNew && endpoint.generation <= slot.wanted.generation) return
    slot.wanted = endpoint
    slot.failed = false
    await this.#move(slot, endpoint)
  }

  // Not one after another: a rollback must not wait for the model it rolls back from to finish loading.
  async #move(slot: Slot, endpoint: SnapshotEndpoint): Promise<void> {
    const facts = { endpoint: `${endpoint.project}/${endpoint.name}`, generation: endpoint.generation }
    try {
      const next = await this.#load(endpoint)
      // A newer generation may have been quicker; an older one is still better than none.
      const isNewer = (slot.served?.endpoint.generation ?? -1) < endpoint.generation
      const overtaken = !isNewer || this.#slots.get(endpoint.id) !== slot
      if (overtaken) {
        this.#release(next)
        return
      }
      const before = slot.served
      slot.served = next
      if (slot.wanted === endpoint) slot.failed = false
      this.#index()
      this.#release(before)
      this.#deps.log.info(facts, 'an endpoint serves a new generation')
      this.#deps.onChange()
    } catch (error) {
      if (slot.wanted === endpoint) slot.failed = true
      this.#deps.log.error({ ...facts, err: error }, 'a generation does not load; the one before goes on serving')
    }
  }

  async #load(endpoint: SnapshotEndpoint): Promise<Served> {
    const split = splitOf(endpoint)
    const wrong = checkSplit(split)
    if (wrong) throw new Error(wrong)
    const loads = await Promise.allSettled(endpoint.variants.map((variant) => this.#deps.models.acquire(variant)))
    const variants = new Map<string, ServedVariant>()
    loads.forEach((load, index) => {
      const variant = endpoint.variants[index]
      if (load.status === 'fulfilled' && variant) variants.set(variant.id, { variant, lease: load.value })
    })
    const failed = loads.find((load) => load.status === 'rejected')
    if (failed) {
      this.#release({ endpoint, split, variants })
      throw failed.reason
    }
    return { endpoint, split, variants }
  }

  #release(served: Served | undefined): void {
    for (const { lease } of served?.variants.values() ?? []) lease.release()
  }

  #index(): void {
    const byName = new Map<string, Served>()
    const wantedByName = new Map<string, SnapshotEndpoint>()
    for (const { served, wanted } of this.#slots.values()) {
      if (served) byName.set(`${served.endpoint.project}/${served.endpoint.name}`, served)
      wantedByName.set(`${wanted.project}/${wanted.name}`, wanted)
    }
    this.#byName = byName
    this.#wantedByName = wantedByName
  }
}
