/** Model files on disk by their hash, fetched from the API when they are not there. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs'
import { chmod, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export type BlobSource = (sha256: string) => Promise<Readable>

export class BlobCache {
  readonly #dir: string
  readonly #source: BlobSource
  readonly #fetching = new Map<string, Promise<string>>()

  constructor(dir: string, source: BlobSource) {
    this.#dir = dir
    this.#source = source
    mkdirSync(dir, { recursive: true, mode: 0o700 })
  }

  /** The path of the file with this hash. The process that loads it checks the hash again. @throws when it cannot be fetched whole */
  async path(sha256: string, sizeBytes: number): Promise<string> {
    const path = join(this.#dir, sha256)
    const found = await stat(path).catch(() => null)
    if (found?.isFile() && found.size === sizeBytes) return path
    const running = this.#fetching.get(sha256)
    if (running) return running
    const fetching = this.#fetch(sha256, sizeBytes).finally(() => this.#fetching.delete(sha256))
    this.#fetching.set(sha256, fetching)
    return fetching
  }

  /** Deletes a file whose bytes are no longer those of its name, so that it is fetched again. Returns whether it was so. */
  async discardDamaged(sha256: string): Promise<boolean> {
    const path = join(this.#dir, sha256)
    const hash = createHash('sha256')
    try {
      await pipeline(createReadStream(path), hash)
    } catch {
      return false
    }
    if (hash.digest('hex') === sha256) return false
    await rm(path, { force: true })
    return true
  }

  /** Deletes files that no snapshot names any more and that were written before `olderThanMs`. */
  async sweep(keep: ReadonlySet<string>, olderThanMs: number): Promise<void> {
    for (const name of await readdir(this.#dir)) {
      if (keep.has(name)) continue
      const found = await stat(join(this.#dir, name)).catch(() => null)
      if (found && found.mtimeMs < olderThanMs) await rm(join(this.#dir, name), { force: true })
    }
  }

  async #fetch(sha256: string, sizeBytes: number): Promise<string> {
    const draft = join(this.#dir, `.${sha256}.draft`)
    const hash = createHash('sha256')
    let size = 0
    const check = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        size += chunk.length
        hash.update(chunk)
        done(size > sizeBytes ? new Error('the model is longer than the snapshot says') : null, chunk)
      },
    })
    try {
      await pipeline(await this.#source(sha256), check, createWriteStream(draft, { mode: 0o600, flush: true }))
      if (size !== sizeBytes || hash.digest('hex') !== sha256)
        throw new Error('the model that was fetched does not have its hash')
      await chmod(draft, 0o400)
      await rename(draft, join(this.#dir, sha256))
    } finally {
      await rm(draft, { force: true })
    }
    return join(this.#dir, sha256)
  }
}
