import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { listFiles, type Owner } from './files.ts'
import type { Server } from './wire.ts'

let http: HttpServer | null = null
afterEach(() => {
  http?.close()
  http?.closeAllConnections()
})

type Entry = { path: string; is_dir?: boolean }
const owner: Owner = { kind: 'run', id: 'a'.repeat(32), experimentNumber: 1 }

/** A server that lists these entries of a folder; `paths` are what is read of it. */
async function paths(listed: (folder: string) => Entry[]): Promise<string[]> {
  http = createServer((request, response) => {
    const folder = new URL(request.url ?? '', 'http://there').searchParams.get('path') ?? ''
    response.end(JSON.stringify({ files: listed(folder) }))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => http?.once('listening', resolve))
  const source: Server = { base: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, headers: {} }
  const found: string[] = []
  for await (const path of listFiles(source, owner)) found.push(path)
  return found
}

test('files are found folder by folder', async () => {
  const tree: Record<string, Entry[]> = {
    '': [{ path: 'a b.txt' }, { path: 'ü', is_dir: true }],
    ü: [{ path: 'ü/100%.txt' }, { path: 'ü/..hidden' }],
  }
  expect(await paths((folder) => tree[folder] ?? [])).toEqual(['a b.txt', 'ü/100%.txt', 'ü/..hidden'])
})

test.each(['../x', 'a/../../../x', '..', '.', 'a/./b', '/etc/passwd', 'a//b', 'a/', ''])(
  'a listing that leads out of its folder, as "%s" does, is not followed',
  async (path) => {
    // On our side an address is resolved before it is sent: the file would land beside another run's.
    await expect(paths(() => [{ path }])).rejects.toMatchObject({ name: 'Refused', code: 'INVALID_PATH' })
  },
)

test.each([
  ['itself', 'a'],
  ['one beside it', 'b'],
])('a folder that holds %s is not walked for ever', async (_, path) => {
  const listed = (folder: string) => [{ path: folder === '' ? 'a' : path, is_dir: true }]
  await expect(paths(listed)).rejects.toMatchObject({ code: 'INVALID_PATH' })
})
