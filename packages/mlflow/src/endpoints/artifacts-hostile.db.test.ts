import { Buffer } from 'node:buffer'
import { tables } from '@modelyard/db'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FileStage, fileStage } from '../testing/files.ts'
import { type Wire, wireOf } from '../testing/wire.ts'

const ROOT = '/api/2.0/mlflow-artifacts/artifacts'
const LIST = '/api/2.0/mlflow/artifacts/list'
let files: FileStage
beforeAll(async () => {
  files = await fileStage()
})
afterAll(() => files.close())

const send: Wire = (...call) => files.send(...call)
const makeRun = () => files.makeRun()
const put = (path: string) => send('PUT', `${ROOT}/${path}`, { body: 'bytes' })
const get = (path: string) => send('GET', `${ROOT}/${path}`)
const list = async (path: string) => (await send('GET', `${ROOT}?path=${encodeURIComponent(path)}`)).json

describe('paths that lead elsewhere', () => {
  const CLIMBS = [
    '../../../etc/passwd',
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e/%2e%2e/etc/passwd',
    '%2e%2e%2fx',
    '%252e%252e%252fetc%252fpasswd',
    '%25252e%25252e%25252fetc',
    '..%5c..%5cwindows',
    'a%5cb',
    '%5c%5cserver%5cshare',
    'C:%5cwindows',
    'C:/windows',
    'c%3a%2fwindows',
    'a/../b',
    'a/./b',
    'a//b',
    '/etc/passwd',
    '%2fetc%2fpasswd',
    'x%00.txt',
    'x%0d%0aset-cookie:a',
    'x%7f',
    '%e2%80%aegpj.exe',
    '%c0%ae%c0%ae/etc',
    `${'x'.repeat(4_096)}`,
    '.',
    '..',
    'a/..',
  ]

  test.each(CLIMBS)('%s is refused, by whatever way it comes', async (climb) => {
    const { at, hex } = await makeRun()
    const statuses = await Promise.all([
      put(`${at}/${climb}`),
      get(`${at}/${climb}`),
      send('DELETE', `${ROOT}/${at}/${climb}`),
      send('GET', `${ROOT}?path=${at}/${climb}`),
      send('GET', `${LIST}?run_id=${hex}&path=${climb}`),
      send('GET', `/get-artifact?run_id=${hex}&path=${climb}`),
    ])
    // In a query, overlong UTF-8 becomes plain replacement characters: a name that does not exist.
    const harmless = climb.startsWith('%c0') ? [200, 404] : []
    for (const { status, bytes } of statuses) {
      expect([400, ...harmless]).toContain(status)
      expect(String(bytes)).not.toContain('root:')
    }
    expect(await list(at)).toEqual({})
  })

  test.each(['../', '%2e%2e/', '../../'])('nor does %s climb from one run to another', async (up) => {
    const [mine, theirs] = [await makeRun(), await makeRun()]
    await put(`${theirs.at}/secret`)
    const path = `${mine.at}/${up}${up}${theirs.hex}/artifacts/secret`
    for (const answer of [await get(path), await put(path), await send('DELETE', `${ROOT}/${path}`)])
      expect(answer.status).toBe(400)
    expect((await get(`${theirs.at}/secret`)).status).toBe(200)
  })
})

describe('who may', () => {
  test('viewers read and do not write; another project finds nothing', async () => {
    const { at, hex } = await makeRun()
    await put(`${at}/x`)
    const viewer = wireOf(files.stage.as('viewer'), 'digits')
    const stranger = wireOf(files.stage.stranger, 'digits-b')
    const asks = [
      ['GET', `${ROOT}/${at}/x`, 200],
      ['GET', `${ROOT}?path=${at}`, 200],
      ['GET', `${LIST}?run_id=${hex}`, 200],
      ['GET', `/get-artifact?run_id=${hex}&path=x`, 200],
      ['PUT', `${ROOT}/${at}/x`, 403],
      ['DELETE', `${ROOT}/${at}/x`, 403],
    ] as const
    for (const [method, target, status] of asks) {
      const sent = method === 'PUT' ? { body: Buffer.from('mine') } : {}
      expect([target, (await viewer(method, target, sent)).status]).toEqual([target, status])
      expect([target, (await stranger(method, target, sent)).status]).toEqual([target, 404])
    }
    expect(String((await get(`${at}/x`)).bytes)).toBe('bytes')
  })

  test('what belongs to a deleted run is read and not changed', async () => {
    const { at, id } = await makeRun()
    await put(`${at}/x`)
    await files.database.db.update(tables.run).set({ deletedAt: files.stage.clock.now() }).where(eq(tables.run.id, id))
    expect([(await get(`${at}/x`)).status, await list(at)]).toMatchObject([200, { files: [{ path: 'x' }] }])
    for (const answer of [await put(`${at}/y`), await send('DELETE', `${ROOT}/${at}/x`)])
      expect([answer.status, answer.at('error_code')]).toEqual([400, 'INVALID_PARAMETER_VALUE'])
  })
})
