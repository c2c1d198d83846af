import { readdirSync, rmSync, statSync } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Nothing that is still written is older than this; what a crash left behind is. */
const LEFTOVER_MS = 24 * 3_600_000

export function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

/** Size of a file in bytes, or null when there is none. */
export async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
}

export async function writeAll(to: FileHandle, bytes: Uint8Array, at = 0): Promise<void> {
  for (let written = 0; written < bytes.byteLength; ) {
    const done = await to.write(bytes, written, bytes.byteLength - written, at + written)
    written += done.bytesWritten
  }
}

/** Make a rename in this folder outlive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Remove what a crash left in a folder of temporary files. */
export function dropLeftovers(folder: string): void {
  const before = Date.now() - LEFTOVER_MS
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    // Another process may sweep the same folder at the same time.
    const written = statSync(file, { throwIfNoEntry: false })
    if (written && written.mtimeMs < before) rmSync(file, { force: true, recursive: true })
  }
}
