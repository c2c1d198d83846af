import type { ModelSignature, TensorSpec } from '@modelyard/contracts'
import { hexOfId } from '@modelyard/domain'
import { stringify } from 'yaml'
import type { z } from 'zod'

export const MLMODEL = 'MLmodel'

export type DescribedModel = {
  id: string
  runId: string | null
  createdAt: Date
  signature: ModelSignature
  /** Where its ONNX file lies among its files. */
  path: string
}

/**
 * The `MLmodel` that MLflow's clients want beside an ONNX file, for one that came without: the same text for the same
 * version at any time. Its Python function is left out for a file in a folder, since MLflow looks for `MLmodel` right
 * beside the file then.
 */
export function mlmodelOf({ id, runId, createdAt, signature, path }: DescribedModel): string {
  const isBeside = !path.includes('/')
  return stringify({
    ...(runId === null ? {} : { run_id: hexOfId(runId) }),
    utc_time_created: createdAt.toISOString().replace('T', ' ').replace('Z', '000'),
    model_uuid: hexOfId(id),
    flavors: {
      onnx: { data: path, providers: ['CUDAExecutionProvider', 'CPUExecutionProvider'] },
      ...(isBeside ? { python_function: { loader_module: 'mlflow.onnx', data: path } } : {}),
    },
    signature: { inputs: inputsOf(signature), outputs: JSON.stringify(signature.outputs.map(named)), params: null },
  })
}

/** An only input has no name there, so that `predict` takes an array or a table as well as MLflow's own models do. */
const inputsOf = ({ inputs }: ModelSignature) => JSON.stringify(inputs.map(inputs.length === 1 ? unnamed : named))

type Spec = z.output<typeof TensorSpec>

/** MLflow knows sizes and "any size", where ONNX also has names for those. */
const unnamed = ({ dtype, shape }: Spec) => {
  return { type: 'tensor', 'tensor-spec': { dtype, shape: shape.map((dim) => (typeof dim === 'number' ? dim : -1)) } }
}
const named = (spec: Spec) => ({ name: spec.name, ...unnamed(spec) })
