export { type Dtype, isDtype } from '@modelyard/domain/tensor/datatype'
export {
  bytesPerElement,
  elements,
  elementsOf,
  numbersOf,
  type Tensor,
  tensorOf,
} from '@modelyard/domain/tensor/tensor'
export {
  type Evaluation,
  type EvaluationOptions,
  type EvaluationRows,
  evaluateModel,
  evaluateStored,
} from './evaluate.ts'
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
