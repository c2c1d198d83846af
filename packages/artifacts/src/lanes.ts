/** One read or write of the disk. Direct ones take whole sectors only; this is a multiple of every sector there is. */
export const BLOCK_BYTES = 1 << 20
/** One block is filled or emptied while the others are under way. */
export const BLOCKS = 4
/** What is smaller is read soon and often, and is best in the cache of pages. */
export const DIRECT_FROM_BYTES = 16 * BLOCK_BYTES
/** So many large files are written, and so many read, at once this way; those beyond go the usual one, and memory stays flat. */
const MAX_LANES = 4
const WASM_PAGE_BYTES = 1 << 16

/** Node's types leave it to the browser's. */
declare const WebAssembly: {
  Memory: new (size: { initial: number; maximum: number; shared: boolean }) => { buffer: ArrayBufferLike }
}

/** A few pieces of memory of `BLOCKS` blocks each that begin at a page, as direct reads and writes ask for. */
export class LanePool {
  readonly #idle: Uint8Array[] = []
  readonly #isShared: boolean
  #made = 0

  /** `isShared`: other threads may see it. */
  constructor({ isShared }: { isShared: boolean }) {
    this.#isShared = isShared
  }

  /** Null when all are taken. */
  take(): Uint8Array | null {
    return this.#idle.pop() ?? this.#make()
  }

  give(memory: Uint8Array): void {
    this.#idle.push(memory)
  }

  /** The memory of WebAssembly is the only one in Node that surely begins at a page. */
  #make(): Uint8Array | null {
    if (this.#made >= MAX_LANES) return null
    const pages = (BLOCKS * BLOCK_BYTES) / WASM_PAGE_BYTES
    try {
      const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: this.#isShared })
      this.#made++
      return new Uint8Array(buffer)
    } catch {
      // The address space of this process is limited.
      return null
    }
  }
}

/** Some file systems tell only at the first read or write that they have no direct ones. */
export function isNotDirect(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EINVAL'
}
