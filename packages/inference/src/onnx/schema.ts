/** Field numbers of onnx.proto3 (ONNX IR 1-13) that are read or written here, and the element types. */

export const MODEL = {
  irVersion: 1,
  producerName: 2,
  producerVersion: 3,
  graph: 7,
  opsetImport: 8,
  metadata: 14,
  trainingInfo: 20,
  functions: 25,
} as const
export const OPSET = { domain: 1, version: 2 } as const
export const ENTRY = { key: 1, value: 2 } as const
export const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12, sparseInitializer: 15 } as const
export const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7 } as const
export const ATTRIBUTE = {
  name: 1,
  float: 2,
  int: 3,
  string: 4,
  tensor: 5,
  graph: 6,
  floats: 7,
  ints: 8,
  tensors: 10,
  graphs: 11,
  type: 20,
  sparseTensor: 22,
  sparseTensors: 23,
} as const
export const TENSOR = { dims: 1, dataType: 2, name: 8, rawData: 9, externalData: 13, dataLocation: 14 } as const
export const SPARSE = { values: 1, indices: 2 } as const
export const VALUE_INFO = { name: 1, type: 2 } as const
export const TYPE = { tensor: 1 } as const
export const TENSOR_TYPE = { elementType: 1, shape: 2 } as const
export const SHAPE = { dim: 1 } as const
export const DIM = { value: 1, param: 2 } as const
export const FUNCTION = { name: 1, node: 7, opsetImport: 9, domain: 10, attributeProto: 11 } as const
export const TRAINING = { initialization: 1, algorithm: 2 } as const

/** Tensor element types by the Open Inference Protocol's name: ONNX number, ONNX Runtime name, bytes per element. */
export const DATATYPES = {
  FP32: { onnx: 1, runtime: 'float32', sizeBytes: 4 },
  UINT8: { onnx: 2, runtime: 'uint8', sizeBytes: 1 },
  INT8: { onnx: 3, runtime: 'int8', sizeBytes: 1 },
  UINT16: { onnx: 4, runtime: 'uint16', sizeBytes: 2 },
  INT16: { onnx: 5, runtime: 'int16', sizeBytes: 2 },
  INT32: { onnx: 6, runtime: 'int32', sizeBytes: 4 },
  INT64: { onnx: 7, runtime: 'int64', sizeBytes: 8 },
  BOOL: { onnx: 9, runtime: 'bool', sizeBytes: 1 },
  FP64: { onnx: 11, runtime: 'float64', sizeBytes: 8 },
  UINT32: { onnx: 12, runtime: 'uint32', sizeBytes: 4 },
  UINT64: { onnx: 13, runtime: 'uint64', sizeBytes: 8 },
} as const

export type Datatype = keyof typeof DATATYPES

const byOnnxNumber = new Map(Object.entries(DATATYPES).map(([name, entry]) => [entry.onnx as number, name as Datatype]))

/** The datatype of an ONNX element number, or undefined for those not served (strings, 16-bit floats, sub-byte types). */
export function datatypeOf(onnxNumber: number): Datatype | undefined {
  return byOnnxNumber.get(onnxNumber)
}
