/** Who may ask, and how often: all from the snapshot, without asking anybody. */
import { hash, timingSafeEqual } from 'node:crypto'
import type { Snapshot } from '@modelyard/contracts/gateway'
import { Refusal } from '@modelyard/domain/refusal'

export type Key = Snapshot['keys'][number]

type Bucket = { tokens: number; atMs: number }

const MAX_KEY_CHARS = 200

export class Admission {
  #keys = new Map<string, Key>()
  #buckets = new Map<string, Bucket>()

  /** Takes effect with the next request: a revoked key is simply no longer there. */
  replaceKeys(keys: readonly Key[]): void {
    this.#keys = new Map(keys.map((key) => [key.sha256, key]))
    const buckets = new Map<string, Bucket>()
    for (const { id } of keys) {
      const bucket = this.#buckets.get(id)
      if (bucket) buckets.set(id, bucket)
    }
    this.#buckets = buckets
  }

  /**
   * The key of an `Authorization: Bearer ...` header. Keys hold 256 random bits, so looking up their hash tells nothing
   * by its timing. @throws Refusal `unauthenticated`
   */
  authenticate(authorization: string | undefined, nowMs: number): Key {
    const secret = authorization?.startsWith('Bearer ') ? authorization.slice(7).trim() : ''
    if (secret === '' || secret.length > MAX_KEY_CHARS)
      throw new Refusal('unauthenticated', 'Send an API key as a bearer token.')
    const sha256 = hash('sha256', secret, 'hex')
    const key = this.#keys.get(sha256)
    const same = key !== undefined && timingSafeEqual(Buffer.from(key.sha256), Buffer.from(sha256))
    const alive = same && (key.expiresAt === null || Date.parse(key.expiresAt) > nowMs)
    if (!key || !alive) throw new Refusal('unauthenticated', 'This API key is unknown, expired or revoked.')
    return key
  }

  /** Takes one request from the key's bucket. `nowMs` is monotonic. @throws Refusal `rate_limited` with `retryAfterMs` */
  spend(key: Key, nowMs: number): void {
    const capacity = Math.max(1, key.burst)
    const bucket = this.#buckets.get(key.id) ?? { tokens: capacity, atMs: nowMs }
    const tokens = Math.min(capacity, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * key.requestsPerSecond)
    if (tokens < 1) {
      this.#buckets.set(key.id, { tokens, atMs: nowMs })
      const retryAfterMs = Math.ceil(((1 - tokens) / Math.max(key.requestsPerSecond, 0.001)) * 1000)
      throw new Refusal('rate_limited', 'This key has spent its rate.', { details: { retryAfterMs } })
    }
    this.#buckets.set(key.id, { tokens: tokens - 1, atMs: nowMs })
  }
}
