/**
 * Frames between the gateway's process and a model process: two 32-bit little-endian lengths (header, body), a JSON
 * header, then raw tensor bytes. One frame per batch, so JSON is paid once and tensors are never turned into text.
 */
import type { Dtype } from '@modelyard/domain/tensor/datatype'
import type { Tensor } from '@modelyard/domain/tensor/tensor'

const PREFIX_BYTES = 8
const ALIGN_BYTES = 8
const MAX_HEADER_BYTES = 4 * 2 ** 20
const MAX_BODY_BYTES = 2 ** 30

type TensorHead = { name: string; dtype: Dtype; shape: number[]; at: number; bytes: number }

export type Frame<Header> = { header: Header; tensors: Tensor[] }

/** Encodes a header and tensors; each tensor begins on an 8-byte boundary of the body, so views need no copy. */
export function encodeFrame(header: object, tensors: readonly Tensor[] = []): Buffer {
  const heads: TensorHead[] = []
  let bodyBytes = 0
  for (const { name, dtype, shape, data } of tensors) {
    heads.push({ name, dtype, shape, at: bodyBytes, bytes: data.length })
    bodyBytes += Math.ceil(data.length / ALIGN_BYTES) * ALIGN_BYTES
  }
  const json = Buffer.from(JSON.stringify({ ...header, tensors: heads }))
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + json.length + bodyBytes)
  frame.writeUInt32LE(json.length, 0)
  frame.writeUInt32LE(bodyBytes, 4)
  frame.set(json, PREFIX_BYTES)
  const body = PREFIX_BYTES + json.length
  tensors.forEach(({ data }, index) => {
    frame.set(data, body + (heads[index]?.at ?? 0))
  })
  return frame
}

function decodeFrame<Header>(json: Uint8Array, body: Uint8Array): Frame<Header> {
  const { tensors, ...header } = JSON.parse(Buffer.from(json).toString()) as { tensors: TensorHead[] }
  return {
    header: header as Header,
    tensors: tensors.map(({ name, dtype, shape, at, bytes }) => {
      if (at + bytes > body.length) throw new RangeError('a tensor lies outside its frame')
      return { name, dtype, shape, data: body.subarray(at, at + bytes) }
    }),
  }
}

/** Puts frames together from chunks of any size. The other side may be hostile: lengths are bounded before memory is taken. */
export class FrameReader<Header> {
  readonly #deliver: (frame: Frame<Header>) => void
  #prefix = new Uint8Array(PREFIX_BYTES)
  #json: Uint8Array | undefined
  #body: Uint8Array | undefined
  #filled = 0

  constructor(deliver: (frame: Frame<Header>) => void) {
    this.#deliver = deliver
  }

  /** @throws RangeError or SyntaxError on a frame that breaks the protocol; the connection is then of no use */
  push(chunk: Uint8Array): void {
    let rest = chunk
    while (rest.length > 0) rest = rest.subarray(this.#fill(rest))
  }

  #fill(chunk: Uint8Array): number {
    const target = this.#body ?? this.#json ?? this.#prefix
    const taken = Math.min(target.length - this.#filled, chunk.length)
    target.set(chunk.subarray(0, taken), this.#filled)
    this.#filled += taken
    while (this.#filled === (this.#body ?? this.#json ?? this.#prefix).length) this.#advance()
    return taken
  }

  #advance(): void {
    this.#filled = 0
    if (this.#json === undefined) {
      const view = new DataView(this.#prefix.buffer)
      const jsonBytes = view.getUint32(0, true)
      const bodyBytes = view.getUint32(4, true)
      if (jsonBytes === 0 || jsonBytes > MAX_HEADER_BYTES || bodyBytes > MAX_BODY_BYTES) {
        throw new RangeError(`a frame of ${jsonBytes} + ${bodyBytes} bytes is not allowed`)
      }
      this.#json = new Uint8Array(jsonBytes)
      return
    }
    if (this.#body === undefined) {
      this.#body = new Uint8Array(new DataView(this.#prefix.buffer).getUint32(4, true))
      return
    }
    const frame = decodeFrame<Header>(this.#json, this.#body)
    this.#json = undefined
    this.#body = undefined
    this.#deliver(frame)
  }
}
