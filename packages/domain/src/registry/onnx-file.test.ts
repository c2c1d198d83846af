import { expect, test } from 'vitest'
import { onnxFileIn } from './onnx-file.ts'

const named = (data: string) => `artifact_path: m
flavors:
  onnx:
    code: null
    ${data}
    onnx_version: 1.21.0
  python_function:
    data: other.onnx
run_id: 0
`

test.each([
  ['data: model.onnx', 'model.onnx'],
  ["data: 'it''s: a.onnx'", "it's: a.onnx"],
  ['data: "mod\\xE8le\\u2713.onnx"', 'modèle✓.onnx'],
  ['data: a folder/b.onnx', 'a folder/b.onnx'],
  ['data:', null],
  ['data: [a, b]', null],
  ['data: !!python/object/apply:os.system x', null],
  ["data: 'open", null],
  ['data: "open', null],
  ['env: {data: a}', null],
])('%s names %s', (data, expected) => {
  expect(onnxFileIn(named(data))).toBe(expected)
})

test.each([
  ['nothing', ''],
  ['another flavour', 'flavors:\n  python_function:\n    data: a.onnx\n'],
  ['a deeper one', 'other:\n  flavors:\n    onnx:\n      data: a.onnx\n'],
  ['text that goes on', "flavors:\n  onnx:\n    note: 'so\n      data: a.onnx'\n"],
  ['what is beside it', 'flavors:\n  onnx:\n    code: x\ndata: a.onnx\n'],
])('%s names none', (_, text) => {
  expect(onnxFileIn(text)).toBeNull()
})

test('a megabyte of anything is read at once', () => {
  const size = 1_048_576
  const began = performance.now()
  for (const text of [
    '? '.repeat(size / 2),
    '['.repeat(size),
    keys(size / 10),
    'a:\n'.repeat(size / 3),
    ' '.repeat(size),
  ])
    expect(onnxFileIn(text)).toBeNull()
  for (const quote of ["'", '"']) expect(onnxFileIn(`flavors:\n onnx:\n  data: ${quote.repeat(size)}x`)).toBeNull()
  expect(performance.now() - began).toBeLessThan(2_000)
})

const keys = (count: number) => Array.from({ length: count }, (_, index) => `k${index}: 1`).join('\n')
