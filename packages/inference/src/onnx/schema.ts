/** Field numbers of onnx.proto3 (ONNX IR 1-13) that are read or written here. */

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
