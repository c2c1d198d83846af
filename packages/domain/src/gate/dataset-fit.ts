/** Whether a model takes rows of the width that its training dataset has. */
import { say } from '../reason.ts'
import type { PromotionGate } from './promotion.ts'
import type { Signature } from './signature.ts'

/** Judged for models with one input of rows by features; of others the width says nothing, so they pass. */
export function judgeDatasetFit(signature: Signature, features: number): PromotionGate {
  const [input, ...more] = signature.inputs
  const width = input?.shape.length === 2 && more.length === 0 ? input.shape[1] : undefined
  const pass = typeof width !== 'number' || width === features
  const said = typeof width === 'number' ? say('width_fits', { width, features }) : say('width_free', {})
  const observed = typeof width === 'number' ? width : null
  return { gate: 'dataset_fit', pass, verdict: pass ? 'pass' : 'fail', observed, threshold: features, ...said }
}
