/**
 * The prediction log on disk. An outcome is in the file (in the system's page cache) before its answer leaves, so what a
 * caller was told survives `kill -9` of this process; one write per turn of the event loop serves all requests of it.
 */
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../log.ts'
import type { Outcome } from './outcome.ts'
import { fileNameOf, type Segment, segmentOf, withoutPayload } from './segment.ts'

export type SpoolOptions = { dir: string; bootId: string; maxBytes: number; sealAfterMs: number; log: Log }

/** Counts since start. `lostRows` never reached the disk or were dropped from it; `shedRows` lost only their payload. */
export type SpoolStats = {
  bytes: number
  segments: number
  lostRows: number
  shedSegments: number
  droppedSegments: number
}

type OpenSegment = {
  descriptor: number
  name: string
  segment: Segment
  bytes: number
  rows: number
  lines: number
  sinceMs: number
}

const MAX_SEGMENT_BYTES = 1_000_000
// The API takes 2000 predictions and 5000 seconds at once.
const MAX_SEGMENT_ROWS = 2000
const MAX_SEGMENT_LINES = 5000
const SEAL_CHECK_MS = 100

export class Spool {
  readonly #options: SpoolOptions
  readonly #sizes = new Map<string, number>()
  readonly #timer: NodeJS.Timeout
  #open: OpenSegment | undefined
  #seq = 0
  #pending: Outcome[] = []
  #waiting: (() => void)[] = []
  #stats = { lostRows: 0, shedSegments: 0, droppedSegments: 0 }
  #failing = false

  constructor(options: SpoolOptions) {
    this.#options = options
    mkdirSync(options.dir, { recursive: true, mode: 0o700 })
    this.#adopt()
    this.#timer = setInterval(() => this.#sealOld(), SEAL_CHECK_MS)
    this.#timer.unref()
  }

  /** Resolves when the outcome is in the spool, or could not be written and was counted as lost: answers never fail for it. */
  append(outcome: Outcome): Promise<void> {
    this.#pending.push(outcome)
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      if (this.#waiting.length === 1) setImmediate(() => this.#flush())
    })
  }

  /** Names of the segments that can be shipped, oldest first. */
  sealed(): string[] {
    return [...this.#sizes.keys()].filter((name) => name !== this.#open?.name).sort()
  }

  read(name: string): string {
    return readFileSync(join(this.#options.dir, name), 'utf8')
  }

  /** Only after the API has acknowledged it. */
  delete(name: string): void {
    rmSync(join(this.#options.dir, name), { force: true })
    this.#sizes.delete(name)
  }

  stats(): SpoolStats {
    const bytes = [...this.#sizes.values()].reduce((sum, size) => sum + size, 0)
    return { bytes, segments: this.#sizes.size, ...this.#stats }
  }

  /** Makes what was written so far ready to be shipped. */
  seal(): void {
    const open = this.#open
    if (!open) return
    this.#open = undefined
    closeSync(open.descriptor)
    this.#rename(open.name, { ...open.segment, state: 'sealed' })
  }

  close(): void {
    clearInterval(this.#timer)
    this.#flush()
    this.seal()
  }

  // What an earlier process left behind is whole up to its last line.
  #adopt(): void {
    for (const name of readdirSync(this.#options.dir)) {
      const segment = segmentOf(name)
      if (!segment) continue
      this.#sizes.set(name, statSync(join(this.#options.dir, name)).size)
      if (segment.state === 'open') this.#rename(name, { ...segment, state: 'sealed' })
    }
  }

  #rename(name: string, segment: Segment): void {
    const next = fileNameOf(segment)
    renameSync(join(this.#options.dir, name), join(this.#options.dir, next))
    this.#sizes.set(next, this.#sizes.get(name) ?? 0)
    this.#sizes.delete(name)
  }

  #flush(): void {
    const outcomes = this.#pending
    const waiting = this.#waiting
    this.#pending = []
    this.#waiting = []
    try {
      this.#write(outcomes)
      this.#failing = false
    } catch (error) {
      this.#stats.lostRows += outcomes.reduce((sum, { rows }) => sum + rows.length, 0)
      if (!this.#failing)
        this.#options.log.error({ err: error }, 'the prediction log cannot be written; predictions go on')
      this.#failing = true
    }
    for (const resolve of waiting) resolve()
  }

  #write(outcomes: readonly Outcome[]): void {
    let text = ''
    for (const outcome of outcomes) {
      const open = this.#open
      const full =
        open !== undefined &&
        (open.rows + outcome.rows.length > MAX_SEGMENT_ROWS ||
          open.lines >= MAX_SEGMENT_LINES ||
          open.bytes + text.length > MAX_SEGMENT_BYTES)
      if (full) {
        this.#writeText(text)
        text = ''
        this.seal()
        this.#makeRoom()
      }
      this.#opened().rows += outcome.rows.length
      this.#opened().lines += 1
      text += `${JSON.stringify(outcome)}\n`
    }
    this.#writeText(text)
  }

  #writeText(text: string): void {
    if (text === '') return
    const open = this.#opened()
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; ) at += writeSync(open.descriptor, bytes, at)
    open.bytes += bytes.length
    this.#sizes.set(open.name, open.bytes)
  }

  #opened(): OpenSegment {
    if (this.#open) return this.#open
    this.#seq += 1
    const segment: Segment = { bootId: this.#options.bootId, seq: this.#seq, state: 'open' }
    const name = fileNameOf(segment)
    const descriptor = openSync(join(this.#options.dir, name), 'a', 0o600)
    this.#open = { descriptor, name, segment, bytes: 0, rows: 0, lines: 0, sinceMs: performance.now() }
    this.#sizes.set(name, 0)
    return this.#open
  }

  #sealOld(): void {
    if (!this.#open || performance.now() - this.#open.sinceMs < this.#options.sealAfterMs) return
    try {
      this.seal()
      this.#makeRoom()
    } catch (error) {
      this.#options.log.error({ err: error }, 'a segment of the prediction log cannot be closed')
    }
  }

  // Oldest payloads first, and whole segments only when nothing but counts and labels is left.
  #makeRoom(): void {
    for (const name of this.sealed()) {
      if (this.stats().bytes <= this.#options.maxBytes) return
      const segment = segmentOf(name)
      if (!segment || segment.state === 'shed') continue
      const text = withoutPayload(this.read(name))
      writeFileSync(join(this.#options.dir, name), text)
      this.#sizes.set(name, Buffer.byteLength(text))
      this.#rename(name, { ...segment, state: 'shed' })
      this.#stats.shedSegments += 1
    }
    for (const name of this.sealed()) {
      if (this.stats().bytes <= this.#options.maxBytes) return
      this.delete(name)
      this.#stats.droppedSegments += 1
    }
  }
}
