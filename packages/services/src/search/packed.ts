import { constants, crc32, deflateRawSync, inflateRawSync } from 'node:zlib'

/**
 * A text packed once, so that many of them make one gzip without packing anything again: whole deflate blocks that end on
 * a byte and look back at nothing before them.
 */
export type Packed = {
  bytes: Buffer
  /** CRC-32 of the text, and x^(8 * length) by which that of what stands before it is multiplied. */
  crc: number
  shift: number
  /** Of the text in UTF-8, bytes. */
  length: number
}

/**
 * A small window is set up several times faster than the usual one, and a run's text is hardly longer. Codes that need no
 * table make it a fifth longer and spare whoever unpacks a hundred blocks half of the time.
 */
const BLOCKS = {
  level: constants.Z_DEFAULT_COMPRESSION,
  strategy: constants.Z_FIXED,
  windowBits: 13,
  memLevel: 6,
  finishFlush: constants.Z_SYNC_FLUSH,
} as const

export function packText(text: string): Packed {
  const plain = Buffer.from(text)
  const deflated = deflateRawSync(plain, BLOCKS)
  // What zlib gives back is the beginning of a much larger buffer, which would stay with it.
  const bytes = Buffer.allocUnsafeSlow(deflated.length)
  deflated.copy(bytes)
  return { bytes, crc: crc32(plain), shift: powerOfX(plain.length), length: plain.length }
}

/** RFC 1952: deflate, no name, no time, unknown system. */
const GZIP_HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
/** The last block, empty. */
const DEFLATE_END = Buffer.from([3, 0])
const MAX_STORED = 65_535

type Part = string | Packed

/** The parts, one after the other, as one member of gzip; strings go in unpacked. */
export function gzipOfParts(parts: readonly Part[]): Buffer {
  const pieces: Buffer[] = [GZIP_HEAD]
  let crc = 0
  let length = 0
  for (const part of parts) {
    if (typeof part === 'string') {
      const plain = Buffer.from(part)
      pieces.push(...storedBlocks(plain))
      crc = crc32(plain, crc)
      length += plain.length
    } else {
      pieces.push(part.bytes)
      crc = (multiply(part.shift, crc) ^ part.crc) >>> 0
      length += part.length
    }
  }
  const tail = Buffer.alloc(8)
  tail.writeUInt32LE(crc, 0)
  tail.writeUInt32LE(length >>> 0, 4)
  return Buffer.concat([...pieces, DEFLATE_END, tail])
}

/** The same for who cannot unpack. */
export function textOfParts(parts: readonly Part[]): Buffer {
  return Buffer.concat(
    parts.map((part) =>
      typeof part === 'string'
        ? Buffer.from(part)
        : inflateRawSync(part.bytes, { finishFlush: constants.Z_SYNC_FLUSH, windowBits: BLOCKS.windowBits }),
    ),
  )
}

/** Deflate blocks without compression: a zero, the length, its complement, the bytes. */
function storedBlocks(plain: Buffer): Buffer[] {
  const blocks: Buffer[] = []
  for (let from = 0; from < plain.length; from += MAX_STORED) {
    const bytes = plain.subarray(from, from + MAX_STORED)
    const head = Buffer.alloc(5)
    head.writeUInt16LE(bytes.length, 1)
    head.writeUInt16LE(~bytes.length & 0xffff, 3)
    blocks.push(head, bytes)
  }
  return blocks
}

/** CRC-32 counts modulo this polynomial over GF(2); the highest bit is x^0. */
const POLYNOMIAL = 0xedb88320
const ONE = 0x80000000
const X = 0x40000000

/** Product of two polynomials modulo the CRC's. */
function multiply(a: number, b: number): number {
  let product = 0
  let shifted = b
  // As a signed number the highest bit is the sign.
  for (let rest = a | 0; rest !== 0; rest <<= 1) {
    if (rest < 0) product ^= shifted
    shifted = shifted & 1 ? (shifted >>> 1) ^ POLYNOMIAL : shifted >>> 1
  }
  return product >>> 0
}

/** x^(8 * bytes): what so many bytes multiply the CRC of all before them by. */
function powerOfX(bytes: number): number {
  let power = ONE
  let square = X
  for (let doubled = 0; doubled < 3; doubled++) square = multiply(square, square)
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power = multiply(square, power)
    square = multiply(square, square)
  }
  return power
}
