import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { tables } from '@modelyard/db'
import { hexOfId } from '@modelyard/domain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FileStage, fileStage } from '../testing/files.ts'
import type { Wire } from '../testing/wire.ts'

const ROOT = '/api/2.0/mlflow-artifacts/artifacts'
const LIST = '/api/2.0/mlflow/artifacts/list'
let files: FileStage
beforeAll(async () => {
  files = await fileStage()
})
afterAll(() => files.close())

const send: Wire = (...call) => files.send(...call)
const makeRun = () => files.makeRun()
const put = (path: string, body: Buffer | string = 'bytes', headers: Record<string, string> = {}) =>
  send('PUT', `${ROOT}/${path}`, { body, headers })
const get = (path: string, headers: Record<string, string> = {}) => send('GET', `${ROOT}/${path}`, { headers })
const list = async (path: string) => (await send('GET', `${ROOT}?path=${encodeURIComponent(path)}`)).json

describe('the proxy', () => {
  test('what is put comes back the same, of any size, type and name', async () => {
    const { at } = await makeRun()
    const large = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 256))
    for (const [path, body] of [
      ['model/MLmodel', Buffer.from('flavors: {}')],
      ['empty', Buffer.alloc(0)],
      ['large.bin', large],
      ['sub%20dir/x.txt', Buffer.from('spaces')],
      ['%C3%BCml%C3%A4ut/%E6%96%87.json', Buffer.from('{}')],
      ['a+b%23c%3Fd%3B%26e%3D.txt', Buffer.from('signs')],
      ['encoded%2Fslash.txt', Buffer.from('slash')],
      ['100%25.txt', Buffer.from('percent')],
    ] as const) {
      const answer = await put(`${at}/${path}`, body, { 'content-type': 'text/html; charset=evil' })
      expect([path, answer.status, answer.json]).toEqual([path, 200, {}])
      const back = await get(`${at}/${path}`)
      expect([path, back.status, back.bytes.equals(body)]).toEqual([path, 200, true])
    }
    expect(await list(`${at}/encoded`)).toEqual({ files: [{ path: 'slash.txt', is_dir: false, file_size: 5 }] })
    expect(await list(`${at}/sub dir`)).toEqual({ files: [{ path: 'x.txt', is_dir: false, file_size: 6 }] })
  })

  test.each([
    ['MLmodel', 'text/plain'],
    ['conda.yaml', 'text/plain'],
    ['a.JSON', 'text/plain'],
    ['data.csv', 'text/plain'],
    ['script.py', 'text/plain'],
    ['plot.png', 'image/png'],
    ['page.html', 'text/html'],
    ['drawing.svg', 'image/svg+xml'],
    ['model.pkl', 'application/octet-stream'],
    ['weights', 'application/octet-stream'],
  ])('%s is sent as %s, as a download that no browser runs', async (name, type) => {
    const { at } = await makeRun()
    await put(`${at}/${name}`, '<script>alert(1)</script>', { 'content-type': 'image/x-evil' })
    const { headers } = await get(`${at}/${name}`)
    expect(headers.get('content-type')).toBe(type)
    expect(headers.get('content-disposition')).toBe(`attachment; filename=${name}`)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toBe('sandbox')
    expect(headers.get('content-length')).toBe('25')
  })

  test('folders are listed by the names in them; files and what is not there are empty', async () => {
    const { at } = await makeRun()
    expect(await list(at)).toEqual({})
    for (const path of ['b.txt', 'a/x', 'a/y/z']) await put(`${at}/${path}`)
    const folder = (path: string) => ({ path, is_dir: true })
    const file = (path: string) => ({ path, is_dir: false, file_size: 5 })
    expect(await list(at)).toEqual({ files: [folder('a'), file('b.txt')] })
    expect(await list(`${at}/`)).toEqual(await list(at))
    expect(await list(`${at}/a`)).toEqual({ files: [file('x'), folder('y')] })
    expect([await list(`${at}/b.txt`), await list(`${at}/nothing`)]).toEqual([{}, {}])
  })

  test('what is not there is 404, a folder is 400', async () => {
    const { at } = await makeRun()
    await put(`${at}/a/x`)
    expect(await get(`${at}/b`)).toMatchObject({ status: 404, json: { error_code: 'RESOURCE_DOES_NOT_EXIST' } })
    for (const path of [at, `${at}/a`, `${at}/a/`])
      expect(await get(path)).toMatchObject({ status: 400, json: { error_code: 'INVALID_PARAMETER_VALUE' } })
    expect((await put(`${at}/a`)).status).toBe(400)
    expect((await put(`${at}/a/x/y`)).status).toBe(400)
  })

  test('files and folders are deleted, and deleting what is not there is fine', async () => {
    const { at } = await makeRun()
    for (const path of ['a/x', 'a/y/z', 'ab']) await put(`${at}/${path}`)
    for (let time = 0; time < 2; time++) {
      const answer = await send('DELETE', `${ROOT}/${at}/a`)
      expect([answer.status, answer.json]).toEqual([200, {}])
    }
    expect(await list(at)).toEqual({ files: [{ path: 'ab', is_dir: false, file_size: 5 }] })
    expect((await send('DELETE', `${ROOT}/${at}`)).status).toBe(200)
    expect(await list(at)).toEqual({})
  })

  test('nothing above an owner can be listed, read, written or deleted', async () => {
    const { at, number, hex } = await makeRun()
    await put(`${at}/x`)
    const above = [`${number}`, `${number}/${hex}`, `${number}/models`, `${number}/traces/tr-1/artifacts/traces.json`]
    for (const path of above) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const sent = method === 'PUT' ? { body: 'x' } : {}
        expect([method, path, (await send(method, `${ROOT}/${path}`, sent)).status]).toEqual([method, path, 404])
      }
      expect((await send('GET', `${ROOT}?path=${path}`)).status).toBe(404)
    }
    for (const target of [ROOT, `${ROOT}?path=`]) expect((await send('GET', target)).status).toBe(400)
    expect((await get(`${at}/x`)).status).toBe(200)
  })

  test('the experiment in the path is the one of the run', async () => {
    const { hex, number } = await makeRun()
    expect((await put(`${number + 1}/${hex}/artifacts/x`)).status).toBe(404)
  })

  test('what is sent again or after it was cut off is whole', async () => {
    const { at } = await makeRun()
    for (const body of ['first', 'second', 'second']) expect((await put(`${at}/x`, body)).status).toBe(200)
    expect(String((await get(`${at}/x`)).bytes)).toBe('second')
  })

  test('an announced length beyond the limit is refused at once', async () => {
    const { at } = await makeRun()
    const answer = await put(`${at}/x`, 'x', { 'content-length': String(2 ** 40) })
    expect([answer.status, answer.at('error_code')]).toEqual([413, 'INVALID_PARAMETER_VALUE'])
  })
})

describe('ranges', () => {
  test('a part is sent as such, as are what is beyond and what is known', async () => {
    const { at } = await makeRun()
    await put(`${at}/x`, '0123456789')
    const etag = `"${createHash('sha256').update('0123456789').digest('hex')}"`
    const ask = async (headers: Record<string, string>) => {
      const answer = await get(`${at}/x`, headers)
      return [answer.status, String(answer.bytes), answer.headers.get('content-range'), answer.headers.get('etag')]
    }
    expect(await ask({})).toEqual([200, '0123456789', null, etag])
    expect(await ask({ range: 'bytes=2-4' })).toEqual([206, '234', 'bytes 2-4/10', etag])
    expect(await ask({ range: 'bytes=-3' })).toEqual([206, '789', 'bytes 7-9/10', etag])
    expect(await ask({ range: 'bytes=8-99999999999' })).toEqual([206, '89', 'bytes 8-9/10', etag])
    expect(await ask({ range: 'bytes=10-' })).toEqual([416, '', 'bytes */10', etag])
    expect(await ask({ range: 'bytes=2-4', 'if-range': etag })).toEqual([206, '234', 'bytes 2-4/10', etag])
    expect(await ask({ range: 'bytes=2-4', 'if-range': '"older"' })).toEqual([200, '0123456789', null, etag])
    expect(await ask({ 'if-none-match': etag })).toEqual([304, '', null, etag])
  })
})

describe('by owner', () => {
  test('the files of a run by its id, with paths from its root', async () => {
    const { at, hex } = await makeRun()
    for (const path of ['a/x', 'a/y/z']) await put(`${at}/${path}`)
    const root_uri = `mlflow-artifacts:/${at}`
    expect((await send('GET', `${LIST}?run_id=${hex}`)).json).toEqual({
      root_uri,
      files: [{ path: 'a', is_dir: true }],
    })
    expect((await send('GET', `${LIST}?run_uuid=${hex}&path=a`)).json).toEqual({
      root_uri,
      files: [
        { path: 'a/x', is_dir: false, file_size: 5 },
        { path: 'a/y', is_dir: true },
      ],
    })
    expect((await send('GET', `${LIST}?run_id=${hex}&path=a/x`)).json).toEqual({ root_uri })
    expect((await send('GET', `${LIST}?run_id=${'0'.repeat(32)}`)).status).toBe(404)
    const file = await send('GET', `/get-artifact?run_id=${hex}&path=a/x`)
    expect([file.status, String(file.bytes), file.headers.get('content-disposition')]).toEqual([
      200,
      'bytes',
      'attachment; filename=x',
    ])
    expect((await send('GET', `/get-artifact?run_uuid=${hex}&path=a`)).status).toBe(400)
    expect((await send('GET', `/get-artifact?run_id=${hex}`)).status).toBe(400)
  })

  test('the files of a logged model', async () => {
    const created = await send('POST', '/api/2.0/mlflow/logged-models', { body: { experiment_id: '0', name: 'net' } })
    const id = created.at('model.info.model_id')
    const at = `0/models/${id}/artifacts`
    expect((await put(`${at}/data/model.pkl`)).status).toBe(200)
    const of = `/ajax-api/2.0/mlflow/logged-models/${id}/artifacts`
    expect((await send('GET', `${of}/directories`)).json).toEqual({
      root_uri: `mlflow-artifacts:/${at}`,
      files: [{ path: 'data', is_dir: true }],
    })
    expect((await send('GET', `${of}/directories?artifact_directory_path=data`)).json).toMatchObject({
      files: [{ path: 'data/model.pkl', is_dir: false, file_size: 5 }],
    })
    const file = await send('GET', `${of}/files?artifact_file_path=data/model.pkl`)
    expect([file.status, String(file.bytes)]).toEqual([200, 'bytes'])
  })

  test('the files of a version are those it was registered with, and frozen', async () => {
    const { id: runId, at } = await makeRun()
    await put(`${at}/model/model.pkl`, 'as it was')
    const version = await freeze(runId, createHash('sha256').update('as it was').digest('hex'))
    const frozen = `0/versions/${hexOfId(version)}/artifacts`
    await put(`${at}/model/model.pkl`, 'overwritten')
    await send('DELETE', `${ROOT}/${at}`)
    expect(String((await get(`${frozen}/model.pkl`)).bytes)).toBe('as it was')
    expect(await list(frozen)).toEqual({ files: [{ path: 'model.pkl', is_dir: false, file_size: 9 }] })
    const target = '/model-versions/get-artifact?name=frozen&version=1&path=model.pkl'
    expect(String((await send('GET', target)).bytes)).toBe('as it was')
    expect((await send('GET', `/${target.replace('model.pkl', '../passwd')}`)).status).toBe(400)
    for (const method of ['PUT', 'DELETE'])
      expect((await send(method, `${ROOT}/${frozen}/model.pkl`, { body: 'x' })).status).toBe(400)
  })
})

/** A version as registering leaves it. */
async function freeze(runId: string, sha256: string): Promise<string> {
  const { newId, now } = files.stage.as('editor')
  const of = { projectId: files.stage.project.id, createdAt: now() }
  const [modelId, id] = [newId('mdl'), newId('mv')]
  await files.database.db.insert(tables.model).values({ ...of, id: modelId, name: 'frozen' })
  await files.database.db.insert(tables.modelVersion).values({
    ...{ ...of, id, modelId, version: 1, stage: 'candidate', format: 'opaque', sha256: 'of the list', sizeBytes: 9 },
    ...{ signature: {}, classes: [], codeCommit: '', gates: [], gatesPassed: true, runId },
    createdBy: { kind: 'system', id: 'test', label: 'test' },
  })
  const file = { path: 'model.pkl', sha256, sizeBytes: 9, mediaType: 'application/octet-stream' }
  await files.database.db
    .insert(tables.modelVersionFile)
    .values({ ...file, modelVersionId: id, projectId: files.stage.project.id })
  return id
}
