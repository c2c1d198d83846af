import { constants } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { timed } from './measure.ts'

const BLOCK_BYTES = 1 << 20
const AT_ONCE = 4
const WASM_PAGE_BYTES = 1 << 16

/** Node's types leave it to the browser's. */
declare const WebAssembly: { Memory: new (size: { initial: number }) => { buffer: ArrayBuffer } }

/**
 * The least that anybody could take for so many bytes on this disk: written and synced, and read, past the system's cache
 * of pages, in milliseconds. The bytes are a multiple of the block.
 */
export async function diskTimes(path: string, bytes: number): Promise<{ write: number; read: number }> {
  const { O_CREAT, O_RDWR, O_DIRECT } = constants
  const file = await open(path, O_CREAT | O_RDWR | O_DIRECT)
  try {
    const write = await timed(async () => {
      await eachBlock(bytes, (block, at) => file.write(block, 0, BLOCK_BYTES, at))
      await file.sync()
    })
    return { write, read: await timed(() => readAll(file, bytes)) }
  } finally {
    await file.close()
    await rm(path)
  }
}

async function readAll(file: FileHandle, bytes: number): Promise<void> {
  await eachBlock(bytes, (block, at) => file.read(block, 0, BLOCK_BYTES, at))
}

/** A few at once, each with memory that begins at a page, which only that of WebAssembly surely does. */
async function eachBlock(bytes: number, work: (block: Uint8Array, at: number) => Promise<unknown>): Promise<void> {
  const { buffer } = new WebAssembly.Memory({ initial: (AT_ONCE * BLOCK_BYTES) / WASM_PAGE_BYTES })
  const lane = async (first: number) => {
    const block = new Uint8Array(buffer, first * BLOCK_BYTES, BLOCK_BYTES).fill(first + 1)
    for (let at = first * BLOCK_BYTES; at < bytes; at += AT_ONCE * BLOCK_BYTES) await work(block, at)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, (_, first) => lane(first)))
}
