import { expect, test } from 'vitest'
import { checkBatchSize, MAX_PARAM_VALUE, paramsToKeep, tagsToKeep } from './batch.ts'
import { runNameOf } from './name.ts'

test.each([
  [{ metrics: 1000, params: 0, tags: 0 }, null],
  [{ metrics: 800, params: 100, tags: 100 }, null],
  [{ metrics: 1001, params: 0, tags: 0 }, 'metrics'],
  [{ metrics: 0, params: 101, tags: 0 }, 'params'],
  [{ metrics: 0, params: 0, tags: 101 }, 'tags'],
  [{ metrics: 801, params: 100, tags: 100 }, 'metrics'],
])('a batch of %o is refused for %s', (batch, field) => {
  if (field === null) return checkBatchSize(batch)
  expect(() => checkBatchSize(batch)).toThrow(expect.objectContaining({ code: 'invalid', field }))
})

test('a parameter that comes twice is refused, also with equal values', () => {
  const twice = [
    { key: 'lr', value: '1' },
    { key: 'lr', value: '1' },
  ]
  expect(() => paramsToKeep(twice)).toThrow('"lr" comes twice')
})

test('long values are cut at whole characters', () => {
  const [kept] = paramsToKeep([{ key: 'long', value: '\u{1F600}'.repeat(MAX_PARAM_VALUE + 1) }])
  expect(kept?.value).toBe('\u{1F600}'.repeat(MAX_PARAM_VALUE))
  expect(tagsToKeep([{ key: 'long', value: 'x'.repeat(9000) }]).tags[0]?.value).toHaveLength(8000)
})

test('the last of a tag counts, and the name of the run stands apart', () => {
  const tags = [
    { key: 'a', value: '1' },
    { key: 'mlflow.runName', value: 'first' },
    { key: 'a', value: '2' },
    { key: 'mlflow.runName', value: 'second' },
  ]
  expect(tagsToKeep(tags)).toEqual({ tags: [{ key: 'a', value: '2' }], name: 'second' })
  expect(tagsToKeep([{ key: 'mlflow.runName', value: '' }])).toEqual({ tags: [], name: null })
})

test('a name has three parts and is drawn from the bytes alone', () => {
  const name = runNameOf(Uint8Array.of(1, 2, 3, 4, 5, 6))
  expect(name).toMatch(/^[a-z]+-[a-z]+-\d{1,3}$/)
  expect(runNameOf(Uint8Array.of(1, 2, 3, 4, 5, 6))).toBe(name)
  expect(runNameOf(Uint8Array.of(255, 255, 255, 255, 255, 255))).toMatch(/^[a-z]+-[a-z]+-\d{1,3}$/)
  expect(() => runNameOf(Uint8Array.of(1))).toThrow('six random bytes')
})
