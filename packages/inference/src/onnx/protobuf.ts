/** Protocol-buffer wire format, both directions, with nothing but what ONNX uses. */

/** Thrown for bytes that are not a protocol buffer; callers turn it into a refusal that names the file. */
export class ProtobufError extends Error {
  override name = 'ProtobufError'
}

/** One field as it stands on the wire: `number` is the field number, `bytes` a view (never a copy) into the message. */
export type Field =
  | { number: number; kind: 'varint'; value: bigint }
  | { number: number; kind: 'bytes'; bytes: Uint8Array }
  | { number: number; kind: 'fixed32'; bytes: Uint8Array }
  | { number: number; kind: 'fixed64'; bytes: Uint8Array }

const MAX_VARINT_BYTES = 10

function readVarint(bytes: Uint8Array, at: number): { value: bigint; next: number } {
  let low = 0
  let value = 0n
  for (let index = 0; index < MAX_VARINT_BYTES; index++) {
    const byte = bytes[at + index]
    if (byte === undefined) throw new ProtobufError('a number is cut off')
    // Four groups fit a 28-bit integer, which spares BigInt for tags, lengths and almost every dimension.
    if (index < 4) low |= (byte & 0x7f) << (7 * index)
    else value |= BigInt(byte & 0x7f) << BigInt(7 * index)
    if (byte < 0x80) return { value: BigInt.asUintN(64, value | BigInt(low)), next: at + index + 1 }
  }
  throw new ProtobufError('a number is longer than 64 bits')
}

function take(bytes: Uint8Array, at: number, length: number): Uint8Array {
  if (length > bytes.length - at) throw new ProtobufError('a field is longer than the message that holds it')
  return bytes.subarray(at, at + length)
}

function readTag(bytes: Uint8Array, at: number): { number: number; wireType: number; next: number } {
  const tag = readVarint(bytes, at)
  if (tag.value > 0xffffffffn) throw new ProtobufError('a field number is out of range')
  const number = Number(tag.value >> 3n)
  if (number === 0) throw new ProtobufError('a field has number 0')
  return { number, wireType: Number(tag.value & 7n), next: tag.next }
}

/**
 * Walks the fields of one message in order. Reads no byte outside `bytes` and allocates nothing in proportion to
 * lengths the message claims.
 * @throws ProtobufError on truncation, on groups (deprecated, unused by ONNX) and on impossible tags
 */
export function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0
  while (at < bytes.length) {
    const { number, wireType, next } = readTag(bytes, at)
    if (wireType === 0) {
      const varint = readVarint(bytes, next)
      at = varint.next
      yield { number, kind: 'varint', value: varint.value }
    } else if (wireType === 2) {
      const length = readVarint(bytes, next)
      if (length.value > BigInt(bytes.length))
        throw new ProtobufError('a field is longer than the message that holds it')
      const body = take(bytes, length.next, Number(length.value))
      at = length.next + body.length
      yield { number, kind: 'bytes', bytes: body }
    } else if (wireType === 5 || wireType === 1) {
      const width = wireType === 5 ? 4 : 8
      at = next + width
      yield { number, kind: wireType === 5 ? 'fixed32' : 'fixed64', bytes: take(bytes, next, width) }
    } else {
      throw new ProtobufError(`wire type ${wireType} is not in use`)
    }
  }
}

/** Reads the packed varints of one `repeated int64` field. */
export function* packedVarints(bytes: Uint8Array): Generator<bigint> {
  let at = 0
  while (at < bytes.length) {
    const varint = readVarint(bytes, at)
    at = varint.next
    yield varint.value
  }
}

const utf8Decoder = new TextDecoder('utf-8', { fatal: true })
const utf8Encoder = new TextEncoder()

/** Decodes a string field. @throws ProtobufError when it is not UTF-8 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8Decoder.decode(bytes)
  } catch {
    throw new ProtobufError('a name is not UTF-8')
  }
}

/** Appends fields of one message; `finish()` gives the bytes. */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = []

  /** An int64/enum/bool field; negative numbers take the ten bytes that protocol buffers give them. */
  varint(field: number, value: number | bigint): this {
    this.#parts.push(encodeVarint((BigInt(field) << 3n) | 0n), encodeVarint(BigInt.asUintN(64, BigInt(value))))
    return this
  }

  bytes(field: number, value: Uint8Array): this {
    this.#parts.push(encodeVarint((BigInt(field) << 3n) | 2n), encodeVarint(BigInt(value.length)), value)
    return this
  }

  text(field: number, value: string): this {
    return this.bytes(field, utf8Encoder.encode(value))
  }

  /** A 32-bit IEEE float, little endian. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setFloat32(0, value, true)
    this.#parts.push(encodeVarint((BigInt(field) << 3n) | 5n), bytes)
    return this
  }

  message(field: number, value: ProtobufWriter): this {
    return this.bytes(field, value.finish())
  }

  finish(): Uint8Array {
    const out = new Uint8Array(this.#parts.reduce((total, part) => total + part.length, 0))
    let at = 0
    for (const part of this.#parts) {
      out.set(part, at)
      at += part.length
    }
    return out
  }
}

function encodeVarint(value: bigint): Uint8Array {
  const out: number[] = []
  let rest = value
  do {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    out.push(rest > 0n ? low | 0x80 : low)
  } while (rest > 0n)
  return Uint8Array.from(out)
}
