/** Tensor element types by the Open Inference Protocol's name: ONNX number, ONNX Runtime name, bytes per element. */
export const DATATYPES = {
  FP32: { onnx: 1, dtype: 'float32', sizeBytes: 4 },
  UINT8: { onnx: 2, dtype: 'uint8', sizeBytes: 1 },
  INT8: { onnx: 3, dtype: 'int8', sizeBytes: 1 },
  UINT16: { onnx: 4, dtype: 'uint16', sizeBytes: 2 },
  INT16: { onnx: 5, dtype: 'int16', sizeBytes: 2 },
  INT32: { onnx: 6, dtype: 'int32', sizeBytes: 4 },
  INT64: { onnx: 7, dtype: 'int64', sizeBytes: 8 },
  BOOL: { onnx: 9, dtype: 'bool', sizeBytes: 1 },
  FP64: { onnx: 11, dtype: 'float64', sizeBytes: 8 },
  UINT32: { onnx: 12, dtype: 'uint32', sizeBytes: 4 },
  UINT64: { onnx: 13, dtype: 'uint64', sizeBytes: 8 },
} as const

export type Datatype = keyof typeof DATATYPES

const byOnnxNumber = new Map(Object.entries(DATATYPES).map(([name, entry]) => [entry.onnx as number, name as Datatype]))

/** The Open Inference Protocol's name of an ONNX element number, or undefined for those not served (strings, 16-bit floats, sub-byte types). */
export function datatypeOf(onnxNumber: number): Datatype | undefined {
  return byOnnxNumber.get(onnxNumber)
}

const byDtype = new Map(Object.entries(DATATYPES).map(([name, entry]) => [entry.dtype, name as Datatype]))

/** ONNX Runtime's names of the element types that are served. */
export type Dtype = (typeof DATATYPES)[Datatype]['dtype']

/** Whether a text from outside names an element type that is served, in ONNX Runtime's words. */
export function isDtype(text: string): text is Dtype {
  return byDtype.has(text as Dtype)
}

/** Whether a text from outside is one of the Open Inference Protocol's names that are served. */
export function isDatatype(text: string): text is Datatype {
  return Object.hasOwn(DATATYPES, text)
}

/** From ONNX Runtime's name to the Open Inference Protocol's. */
export function datatypeOfDtype(dtype: Dtype): Datatype {
  return byDtype.get(dtype) ?? 'FP32'
}
