import type { ColumnProfile } from '../dataset/profile.ts'
import { isNumeric } from '../dataset/profile.ts'
import type { Signature } from '../gate/signature.ts'
import { type Said, say } from '../reason.ts'

type TensorSpec = Signature['outputs'][number]

/** What a model is to be evaluated on. `classes` in the order in which the model numbers them. */
export type EvaluationSubject = {
  signature: Signature
  columns: readonly Pick<ColumnProfile, 'name' | 'type' | 'role' | 'missing'>[]
  classes: readonly string[]
}

/** The output that tells the class: a score for each, or its number. */
export type ClassOutput = { name: string; kind: 'scores' | 'number' }

const INTEGER = /^u?int(8|16|32|64)$/

/**
 * How to read classes off a model's outputs: one score per class (the one named `probabilities` where several could be),
 * else one whole number per row. Null when no output is either.
 */
export function classOutputOf(outputs: readonly TensorSpec[], classes: number): ClassOutput | null {
  const scores = outputs.filter(({ dtype, shape }) => dtype.startsWith('float') && isPerRow(shape, classes))
  const numbers = outputs.filter(
    ({ dtype, shape }) => INTEGER.test(dtype) && (shape.length === 1 || isPerRow(shape, 1)),
  )
  const scored = only(scores, 'probabilities')
  if (scored) return { name: scored.name, kind: 'scores' }
  const numbered = only(numbers, 'label')
  return numbered && { name: numbered.name, kind: 'number' }
}

const isPerRow = (shape: TensorSpec['shape'], width: number) => shape.length === 2 && shape[1] === width
const only = (found: TensorSpec[], name: string) =>
  found.length === 1 ? (found[0] ?? null) : (found.find((output) => output.name === name) ?? null)

/** Why a model cannot be evaluated on a dataset; null when it can. */
export function whyNotEvaluable({ signature, columns, classes }: EvaluationSubject): Said | null {
  const [input, ...others] = signature.inputs
  if (!input || others.length > 0) return say('eval_inputs', { count: signature.inputs.length })
  if (classes.length < 2) return say('eval_classes', {})
  const features = columns.filter(({ role }) => role !== 'label')
  const width = input.shape.slice(1)
  if (width.length !== 1 || (typeof width[0] === 'number' && width[0] !== features.length))
    return say('eval_width', { shape: `[${width.join(', ')}]`, features: features.length })
  const textual = features.find(({ type }) => !isNumeric(type) && type !== 'boolean')
  if (textual) return say('eval_text', { name: textual.name, type: textual.type })
  const gappy = features.find(({ missing }) => missing > 0)
  if (gappy) return say('eval_gaps', { name: gappy.name })
  if (classOutputOf(signature.outputs, classes.length)) return null
  const outputs = signature.outputs.map(({ name, dtype, shape }) => `${name} ${dtype}[${shape.join(', ')}]`)
  return say('eval_outputs', { classes: classes.length, outputs: outputs.join(', ') })
}
