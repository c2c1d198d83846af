import { OutgoingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { callbackify } from 'node:util'
import { BLOCK_BYTES, BLOCKS } from './lanes.ts'
import type { ByteRange } from './store.ts'

export type Lane = {
  memory: Uint8Array
  /** Fill a block of the memory from there on in the file; answers how many bytes there were. */
  read: (into: Uint8Array, at: number) => Promise<number>
  /** Called once, when nothing reads or sends the memory any more. */
  leave: () => Promise<void>
}

/**
 * Reads blocks of a file ahead into the memory of a lane. An answer of HTTP is sent that memory itself, since it tells
 * when a piece has gone to the system; whoever else reads is handed copies. The copy, and finding memory for it, cost
 * more than the disk and the socket together.
 */
export class LaneReadable extends Readable {
  readonly #lane: Lane
  readonly #range: ByteRange
  readonly #reading: Promise<number>[] = []
  /** What still sends the block of each place. */
  readonly #sending: Promise<void>[] = Array.from({ length: BLOCKS }, () => Promise.resolve())
  #at: number
  #ahead: number

  constructor(lane: Lane, range: ByteRange) {
    super({ highWaterMark: BLOCK_BYTES })
    this.#lane = lane
    this.#range = range
    this.#at = range.start
    this.#ahead = firstByte(range.start)
  }

  /** This is how `pipeline` connects two streams; other ways to read come by `_read`. */
  override pipe<To extends NodeJS.WritableStream>(to: To, options?: { end?: boolean }): To {
    if (!(to instanceof OutgoingMessage)) return super.pipe(to, options)
    if (options?.end !== false) this.once('end', () => to.end())
    this.#sendAll(to).then(
      () => {
        this.push(null)
        this.resume()
      },
      (error: unknown) => this.#fail(error),
    )
    return to
  }

  override _read(): void {
    this.#next().then(
      (block) => this.push(block && Buffer.from(block.bytes)),
      (error: unknown) => this.#fail(error),
    )
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    callbackify(() => this.#leave())((fault) => done(error ?? fault))
  }

  #fail(error: unknown): void {
    this.destroy(error instanceof Error ? error : new Error(String(error)))
  }

  async #sendAll(to: OutgoingMessage): Promise<void> {
    const closed = new Promise<void>((resolve) => to.once('close', resolve))
    for (let block = await this.#next(); block && !to.destroyed; block = await this.#next()) {
      const { bytes, place } = block
      const sent = new Promise<void>((resolve) => to.write(bytes, () => resolve()))
      // An answer that is closed before it had its turn on the connection never tells of its pieces.
      this.#sending[place] = Promise.race([sent, closed])
    }
    await Promise.all(this.#sending)
  }

  /** The next bytes, or null at the end. Their place is read into anew after the next call, and once it is sent. */
  async #next(): Promise<{ bytes: Uint8Array; place: number } | null> {
    const { end } = this.#range
    if (this.#at > end || this.destroyed) return null
    this.#readAhead()
    const place = placeOf(this.#at)
    const held = (await this.#reading[place]) ?? 0
    // The memory may be somebody else's by now.
    if (this.destroyed) return null
    const from = this.#at % BLOCK_BYTES
    const to = Math.min(held, end + 1 - firstByte(this.#at))
    if (to <= from) throw new Error('a blob is shorter than it was when it was opened')
    this.#at += to - from
    return { bytes: this.#block(place).subarray(from, to), place }
  }

  /** All blocks but those that are handed out already are being read. */
  #readAhead(): void {
    const until = Math.min(this.#range.end + 1, firstByte(this.#at) + BLOCKS * BLOCK_BYTES)
    for (; this.#ahead < until; this.#ahead += BLOCK_BYTES) {
      const [place, at] = [placeOf(this.#ahead), this.#ahead]
      const reading = this.#sending[place]?.then(() => this.#lane.read(this.#block(place), at)) ?? Promise.resolve(0)
      reading.catch(() => {})
      this.#reading[place] = reading
    }
  }

  #block(place: number): Uint8Array {
    return this.#lane.memory.subarray(place * BLOCK_BYTES, (place + 1) * BLOCK_BYTES)
  }

  async #leave(): Promise<void> {
    await Promise.allSettled([...this.#reading, ...this.#sending])
    await this.#lane.leave()
  }
}

/** Where the block of this byte begins. */
const firstByte = (at: number) => at - (at % BLOCK_BYTES)
/** Which block of the lane's memory it is read into. */
const placeOf = (at: number) => Math.floor(at / BLOCK_BYTES) % BLOCKS
