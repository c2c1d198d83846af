import { expect, it } from 'vitest'
import { hexOfId, idOfHex } from '../id.ts'
import { parseModelSource } from './source.ts'

const hex = '67327fc431aa42e49bba8a88bbc39785'
const runId = idOfHex('run', hex)
const loggedModelId = idOfHex('lm', hex)
const modelVersionId = idOfHex('mv', hex)

it.each([
  [`runs:/${hex}/model`, { kind: 'run', runId, experiment: null, path: 'model' }],
  [`runs:/${hex}/a b/größe.onnx`, { kind: 'run', runId, experiment: null, path: 'a b/größe.onnx' }],
  [`models:/m-${hex}`, { kind: 'logged_model', loggedModelId, experiment: null, path: '' }],
  ['models:/my model/12', { kind: 'version', model: 'my model', version: 12 }],
  [`mlflow-artifacts:/17/${hex}/artifacts/model2`, { kind: 'run', runId, experiment: 17, path: 'model2' }],
  [`mlflow-artifacts:/17/${hex}/artifacts`, { kind: 'run', runId, experiment: 17, path: '' }],
  [`mlflow-artifacts:/0/models/m-${hex}/artifacts`, { kind: 'logged_model', loggedModelId, experiment: 0, path: '' }],
  [`mlflow-artifacts:/0/versions/${hex}/artifacts`, { kind: 'frozen', modelVersionId, path: '' }],
])('%s', (text, source) => {
  expect(parseModelSource(text)).toEqual(source)
})

const HOSTILE = [
  ...['', '/etc', '/etc/passwd', 'C:\\Windows', '\\\\host\\share', 'model', '.', '..', '../..', '~/.ssh'],
  ...['file:///etc', 'file:/etc', 'FILE:///etc', 'file://localhost/etc', 'http://169.254.169.254/', 'https://x/y'],
  ...['http:///#/../../etc', 's3://bucket/key', 'gs://bucket', 'dbfs:/x', 'ftp://x', 'data:text/plain,x'],
  ...['runs:/', `runs:/${hex}`, `runs:/${hex}/`, `runs:/${hex}/../x`, `runs:/${hex}/a//b`, `runs:/${hex}/./a`],
  ...[
    `runs:/${hex.toUpperCase()}/model`,
    `runs:/${hex}/a\\..\\b`,
    `runs:/${hex}/%2e%2e/a`,
    `runs:/${hex}/%252e%252e/a`,
  ],
  ...[`runs:/${hex}/m#f`, `runs:/${hex}/m?x=1`, `runs:/${hex}/m;x`, `runs:/${hex}/m\0`, `runs://${hex}/model`],
  ...[`runs:/${hex}/model\n`, ` runs:/${hex}/model`],
  ...[
    'models:/',
    'models:/m-1',
    'models:/name',
    'models:/name/0',
    'models:/name/01',
    'models:/name/-1',
    'models:/a/b/1',
  ],
  ...['models:/name@champion', 'models:/name/latest', 'models:/name/Production', 'models:/../1', 'models:/%2e%2e/1'],
  ...[`models:/m-${hex}/../x`, `models:/m-${hex}#x`, `models:/m-${hex}?x`, 'models://host/name/1'],
  ...[`mlflow-artifacts:/17/${hex}/artifacts/../../../x`, `mlflow-artifacts:/17/${hex}/../../etc`],
  ...[`mlflow-artifacts://host/17/${hex}/artifacts/m`, `mlflow-artifacts:/../17/${hex}/artifacts`],
  ...[`mlflow-artifacts:/17/${hex}/artifacts/m#x`, `mlflow-artifacts:/17/${hex}/artifacts?x`, 'mlflow-artifacts:/17'],
  `runs:/${hex}/${'a'.repeat(3000)}`,
]
it.each(HOSTILE)('%j is no source', (text) => {
  expect(parseModelSource(text)).toBeNull()
})

it('writes back what it read', () => {
  expect(hexOfId(runId ?? '')).toBe(hex)
})
