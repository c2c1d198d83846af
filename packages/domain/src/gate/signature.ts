/** Whether one model can stand in for another as far as its callers can tell. */
import { type Said, say } from '../reason.ts'

/** A dimension is a fixed size, or a name (or null) when it varies. */
export type TensorSpec = { name: string; dtype: string; shape: readonly (number | string | null)[] }
export type Signature = { inputs: readonly TensorSpec[]; outputs: readonly TensorSpec[] }

/** Differences that a caller would notice, in words; empty when `next` can replace `serving`. */
export function diffSignatures(serving: Signature, next: Signature): Said[] {
  return [...diffTensors('input', serving.inputs, next.inputs), ...diffTensors('output', serving.outputs, next.outputs)]
}

function diffTensors(side: 'input' | 'output', serving: readonly TensorSpec[], next: readonly TensorSpec[]): Said[] {
  const found = new Map(next.map((tensor) => [tensor.name, tensor]))
  const differences = serving.flatMap((tensor) => {
    const { name } = tensor
    const other = found.get(name)
    if (other === undefined) return [say(`${side}_gone`, { name })]
    if (other.dtype !== tensor.dtype) return [say(`${side}_changed`, { name, from: tensor.dtype, to: other.dtype })]
    if (sameShape(tensor.shape, other.shape)) return []
    return [say(`${side}_changed`, { name, from: shapeText(tensor), to: shapeText(other) })]
  })
  const known = new Set(serving.map(({ name }) => name))
  const added =
    side === 'input' ? next.filter(({ name }) => !known.has(name)).map(({ name }) => say('input_new', { name })) : []
  return [...differences, ...added]
}

/** Names of varying dimensions are only names; a fixed size must stay, and may become varying. */
function sameShape(serving: TensorSpec['shape'], next: TensorSpec['shape']): boolean {
  return (
    serving.length === next.length &&
    serving.every((size, axis) => typeof next[axis] !== 'number' || next[axis] === size)
  )
}

function shapeText({ shape }: TensorSpec): string {
  return `[${shape.map((size) => size ?? '?').join(', ')}]`
}
