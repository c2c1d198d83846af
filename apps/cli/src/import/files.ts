import { createHash } from 'node:crypto'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { putStream } from './put.ts'
import { ask, get, pages, patiently, Refused, type Server, urlOf } from './wire.ts'

export type Kind = 'run' | 'loggedModel'
export type Owner = { kind: Kind /** 32 hexadecimal digits. */; id: string; experimentNumber: number }
export type FileHash = { sha256: string; sizeBytes: number }
type Listed = { path: string; is_dir?: boolean; file_size?: number }
type Listing = { files?: Listed[]; next_page_token?: string }

const API = '/api/2.0/mlflow'

/**
 * Paths of all files of a run or logged model, folder by folder.
 * @throws Refused for a listing that leads out of its folder
 */
export async function* listFiles(source: Server, owner: Owner): AsyncGenerator<string> {
  const folders = ['']
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const path = folder === '' ? undefined : folder
    const read = (page_token: string | undefined) =>
      owner.kind === 'run'
        ? get<Listing>(source, `${API}/artifacts/list`, { run_id: owner.id, path, page_token })
        : get<Listing>(source, `${API}/logged-models/m-${owner.id}/artifacts/directories`, {
            ...{ artifact_directory_path: path, page_token },
          })
    for await (const page of pages(read)) {
      for (const file of page.files ?? []) {
        requireBelow(folder, file.path)
        if (file.is_dir) folders.push(file.path)
        else yield file.path
      }
    }
  }
}

/** Another server's word becomes an address of ours, in which `..` would lead to the files of somebody else. */
function requireBelow(folder: string, path: string): void {
  const names = path.split('/')
  const isPlain = names.every((name) => name !== '' && name !== '.' && name !== '..')
  if (isPlain && (folder === '' || path.startsWith(`${folder}/`))) return
  throw new Refused(`it lists "${path}" in the folder "${folder}"`, { status: 400, code: 'INVALID_PATH' })
}

/** The server reads the file wherever it keeps it: its clients may not reach that place. */
function addressOf(source: Server, owner: Owner, path: string): string {
  return owner.kind === 'run'
    ? urlOf(source, '/get-artifact', { run_uuid: owner.id, path })
    : urlOf(source, `/ajax-api/2.0/mlflow/logged-models/m-${owner.id}/artifacts/files`, { artifact_file_path: path })
}

/** Hashes what passes through. */
function hashing(): { stream: Transform; result: () => FileHash } {
  const hash = createHash('sha256')
  let sizeBytes = 0
  const stream = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk)
      sizeBytes += chunk.length
      done(null, chunk)
    },
  })
  return { stream, result: () => ({ sha256: hash.digest('hex'), sizeBytes }) }
}

async function open(source: Server, owner: Owner, path: string): Promise<Readable> {
  const response = await ask(source, addressOf(source, owner, path))
  return response.body ? Readable.fromWeb(response.body as ReadableStream) : Readable.from([])
}

/** What the file there is, without keeping it. */
export function hashFile(source: Server, owner: Owner, path: string): Promise<FileHash> {
  return patiently(async () => {
    const { stream, result } = hashing()
    await pipeline(await open(source, owner, path), stream, async (bytes) => {
      for await (const _ of bytes);
    })
    return result()
  })
}

/** Stream a file from there to here, hashing on the way; broken off, it begins again. */
export function copyFile(servers: { source: Server; target: Server }, owner: Owner, path: string): Promise<FileHash> {
  const place = owner.kind === 'run' ? owner.id : `models/m-${owner.id}`
  const encoded = `${owner.experimentNumber}/${place}/artifacts/${path}`.split('/').map(encodeURIComponent).join('/')
  const url = urlOf(servers.target, `/api/2.0/mlflow-artifacts/artifacts/${encoded}`)
  return patiently(async () => {
    const { stream, result } = hashing()
    await putStream(servers.target, url, [await open(servers.source, owner, path), stream])
    return result()
  })
}
