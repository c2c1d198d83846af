export { type Evaluation, evaluateModel } from './evaluate.ts'
export { inspectModel, type ModelInspection } from './onnx/inspect.ts'
export { batchKey, isBatchable } from './pool/batch.ts'
export { checkInputs, shapeText } from './pool/check.ts'
export {
  createModelPool,
  type InferRequest,
  type InferResult,
  ModelPool,
  type PoolOptions,
  type PoolStats,
} from './pool/pool.ts'
export {
  bytesPerElement,
  type Dtype,
  elements,
  elementsOf,
  isDtype,
  numbersOf,
  type Tensor,
  tensorOf,
} from './tensor.ts'
