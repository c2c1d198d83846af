import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { LaneReadable } from './lane-readable.ts'
import { DIRECT_FROM_BYTES, isNotDirect, LanePool } from './lanes.ts'
import type { ByteRange } from './store.ts'

/** How many files are remembered as read lately. */
const REMEMBERED = 256

const lanes = new LanePool({ isShared: false })
const readLately = new Set<string>()

type Target = { file: string; handle: FileHandle; range: ByteRange }

/**
 * A large part of a file in large blocks, or null where all memory for that is taken. The first time past the system's
 * cache of pages, where there is such a way: what is asked for again is worth its place in the cache. The stream closes
 * `handle`.
 */
export async function readLarge({ file, handle, range }: Target): Promise<LaneReadable | null> {
  if (range.end - range.start < DIRECT_FROM_BYTES) return null
  const memory = lanes.take()
  if (!memory) return null
  const direct = isFirst(file) ? await openDirect(file) : null
  return new LaneReadable(
    {
      memory,
      read: (into, at) => readBlock({ direct, handle }, into, at),
      leave: async () => {
        lanes.give(memory)
        await direct?.close()
        await handle.close()
      },
    },
    range,
  )
}

/** Null where the platform or the file system has no such way. */
async function openDirect(file: string): Promise<FileHandle | null> {
  if (constants.O_DIRECT === undefined) return null
  return open(file, constants.O_RDONLY | constants.O_DIRECT).catch(() => null)
}

function isFirst(file: string): boolean {
  const wasRead = readLately.delete(file)
  readLately.add(file)
  for (const oldest of readLately) {
    if (readLately.size <= REMEMBERED) break
    readLately.delete(oldest)
  }
  return !wasRead
}

type Ways = { direct: FileHandle | null; handle: FileHandle }

async function readBlock({ direct, handle }: Ways, into: Uint8Array, at: number): Promise<number> {
  const block = [into, 0, into.byteLength, at] as const
  const { bytesRead } = await (direct ?? handle).read(...block).catch((error: unknown) => {
    if (direct && isNotDirect(error)) return handle.read(...block)
    throw error
  })
  return bytesRead
}
