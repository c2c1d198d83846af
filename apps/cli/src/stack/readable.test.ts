import { expect, test } from 'vitest'
import { readable } from './readable.ts'

test.each([
  ['plain text', 'plain text'],
  ['{"half', '{"half'],
  ['{"level":30}', '{"level":30}'],
  ['{"level":30,"time":1,"pid":2,"hostname":"h","msg":"listening","port":4601}', 'listening port=4601'],
  ['{"level":50,"msg":"refused","project":"digits","why":"two words"}', 'ERROR refused project=digits why="two words"'],
  ['{"level":"warn","msg":"slow","list":[1,2]}', 'WARN slow list=[1,2]'],
  ['{"level":50,"msg":"broke","err":{"stack":"Error: x\\n at y"}}', 'ERROR broke err=Error: x\n at y'],
])('%s', (line, expected) => {
  expect(readable(line)).toBe(expected)
})

test('on the terminal an error is one line', () => {
  expect(readable('{"level":50,"msg":"broke","err":{"stack":"Error: x\\n at y"}}', true)).toBe(
    'ERROR broke err=Error: x',
  )
})
