import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { FromThread, ToThread } from './hash-thread.ts'

/**
 * SHA-256 of a large body, computed by another thread: hashing a gigabyte takes as long as writing it, and nothing else
 * of the process would be answered meanwhile.
 */
export type DistantHash = {
  /** Go on with these bytes, which lie in shared memory and stay as they are until this has answered. */
  take: (bytes: Uint8Array) => Promise<void>
  /** The digest in hexadecimal. */
  end: () => Promise<string>
  /** Forget it; fine after `end`. */
  leave: () => void
}

let thread: HashThread | null = null

/** Begins with the first bytes of a file. Null where no such thread can be had. */
export async function hashElsewhere(head: { file: string; sizeBytes: number }): Promise<DistantHash | null> {
  const entry = entryOfThread()
  if (!existsSync(entry)) return null
  thread ??= new HashThread(entry, () => {
    thread = null
  })
  return thread.begin(head).catch(() => null)
}

/** Beside this file in source, or `hash-thread.mjs` beside the bundle. */
function entryOfThread(): string {
  const here = import.meta.url
  return fileURLToPath(new URL(here.endsWith('.ts') ? './hash-thread.ts' : './hash-thread.mjs', here))
}

type Waiting = { resolve: (digest: string | undefined) => void; reject: (error: Error) => void }

/** One for all: it is busy as long as bytes come, and then keeps nobody's process alive. */
class HashThread {
  readonly #worker: Worker
  readonly #open = new Map<number, Waiting[]>()
  #last = 0

  constructor(entry: string, ended: () => void) {
    this.#worker = new Worker(entry, { execArgv: [], env: {}, resourceLimits: { maxOldGenerationSizeMb: 32 } })
    this.#worker.unref()
    this.#worker.on('message', ({ id, digest, fault }: FromThread) => {
      const asked = this.#open.get(id)?.shift()
      if (fault === undefined) asked?.resolve(digest)
      else asked?.reject(new Error(fault))
    })
    this.#worker.once('error', (error) => this.#fail(error))
    this.#worker.once('exit', () => {
      ended()
      this.#fail(new Error('the thread that hashes ended'))
    })
  }

  async begin(head: { file: string; sizeBytes: number }): Promise<DistantHash> {
    const id = ++this.#last
    this.#open.set(id, [])
    this.#worker.ref()
    try {
      await this.#ask({ id, ...head })
    } catch (error) {
      this.#forget(id)
      throw error
    }
    return {
      take: async (bytes) => void (await this.#ask({ id, bytes })),
      end: async () => (await this.#ask({ id, isEnd: true })) ?? '',
      leave: () => {
        this.#worker.postMessage({ id, isGone: true } satisfies ToThread)
        this.#forget(id)
      },
    }
  }

  #ask(message: ToThread): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      const waiting = this.#open.get(message.id)
      if (!waiting) return reject(new Error('the thread that hashes ended'))
      waiting.push({ resolve, reject })
      this.#worker.postMessage(message)
    })
  }

  #forget(id: number): void {
    this.#open.delete(id)
    if (this.#open.size === 0) this.#worker.unref()
  }

  #fail(error: Error): void {
    const asked = [...this.#open.values()].flat()
    this.#open.clear()
    for (const { reject } of asked) reject(error)
  }
}
