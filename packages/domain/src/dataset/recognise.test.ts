import { expect, test } from 'vitest'
import { digestOfVersion, recogniseVersion } from './recognise.ts'

const sha256 = 'ab'.repeat(32)
const first = { id: `dsv_0${'a'.repeat(25)}`, name: 'shapes', version: 1, sha256 }
const second = { ...first, id: `dsv_0${'b'.repeat(25)}`, version: 2 }
const versions = [second, first]
const logged = { name: 'shapes', digest: 'nothing', source: '{}' }

test.each([
  ['the id in its source', { source: JSON.stringify({ datasetVersionId: first.id }) }, first],
  ['an id of nobody, but the digest', { source: second.id.replace('b', 'c'), digest: 'abababab' }, second],
  ['the beginning of the hash: the newest', { digest: 'abababababab' }, second],
  ['the digest we give: that very version', { digest: digestOfVersion(first) }, first],
  ['too short a beginning', { digest: 'ababab' }, null],
  ['another name', { name: 'others', digest: 'abababab' }, null],
  ['another hash', { digest: 'cdcdcdcd' }, null],
  ['a number there is not', { digest: `${sha256.slice(0, 16)}-v3` }, null],
  ['no digest at all', { digest: '' }, null],
])('%s', (_, said, version) => {
  expect(recogniseVersion({ ...logged, ...said }, versions)).toEqual(version)
})

test('a digest of ours fits where MLflow clients keep theirs', () => {
  expect(digestOfVersion({ sha256, version: 2 ** 31 - 1 }).length).toBeLessThanOrEqual(36)
})
