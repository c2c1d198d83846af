/** MurmurHash3 x86 32-bit (A. Appleby, public domain algorithm): small, fast, well spread; not for secrets. */

const encoder = new TextEncoder()

function mixBlock(block: number): number {
  const scrambled = Math.imul(block, 0xcc9e2d51)
  return Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593)
}

function finish(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Hash of the UTF-8 bytes of a text as an unsigned 32-bit number. */
export function murmur3(text: string, seed = 0): number {
  const bytes = encoder.encode(text)
  const blocks = bytes.length >>> 2
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let hash = seed
  for (let index = 0; index < blocks; index++) {
    hash ^= mixBlock(view.getUint32(index * 4, true))
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  let tail = 0
  for (let index = bytes.length - 1; index >= blocks * 4; index--) tail = (tail << 8) | (bytes[index] ?? 0)
  if (bytes.length % 4 !== 0) hash ^= mixBlock(tail)
  return finish(hash ^ bytes.length)
}
