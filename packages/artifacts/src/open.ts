import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { refuse } from '@modelyard/domain'
import type { BlobStore } from './store.ts'
import { createDiskStore } from './stores/disk.ts'
import { createS3Store } from './stores/s3.ts'

/** Where a store is by its address, and a folder of this machine for what passes through. */
type Opening = { url: URL; dir: string }
/** A kind of store: how its addresses begin, what they look like, and the function that opens one. */
export type StoreKind = { scheme: string; address: string; open: (opening: Opening) => BlobStore }

const disk: StoreKind = {
  scheme: 'file:',
  address: 'file:///var/lib/modelyard/blobs',
  open: ({ url }) => createDiskStore({ dir: fileURLToPath(url) }),
}

const s3: StoreKind = {
  scheme: 's3:',
  address: 's3://bucket/prefix?region=eu-central-1&endpoint=https://minio.example:9000&style=path',
  open: ({ url, dir }) => {
    const style = url.searchParams.get('style') ?? 'host'
    if (style !== 'host' && style !== 'path') refuse('invalid', 'style is "host" or "path"', { field: 'style' })
    if (url.username || url.password)
      refuse('invalid', 'credentials belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY', { field: 'url' })
    const endpoint = url.searchParams.get('endpoint')
    const folder = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '')
    return createS3Store({
      bucket: url.hostname || refuse('invalid', 'the address names no bucket', { field: 'url' }),
      prefix: folder === '' ? '' : `${folder}/`,
      region: url.searchParams.get('region') ?? 'us-east-1',
      pathStyle: style === 'path',
      spoolDir: join(dir, 'tmp'),
      ...(endpoint ? { endpoint } : {}),
    })
  },
}

/** Every kind of store there is: adding one is a file and a line here. */
export const STORES: readonly StoreKind[] = [disk, s3]

/**
 * The store at that address, or in the folder `dir` when there is none. Refusals name what of the address is wrong.
 * Credentials are none of the address: the S3 client finds them in its environment.
 */
export function openStore({ url, dir }: { url?: string | undefined; dir: string }): BlobStore {
  if (!url) return createDiskStore({ dir })
  const parsed = URL.canParse(url) ? new URL(url) : null
  const kind = STORES.find(({ scheme }) => scheme === parsed?.protocol)
  if (parsed && kind) return kind.open({ url: parsed, dir })
  const known = STORES.map(({ address }) => address).join(' or ')
  return refuse('unsupported', `no store is known at "${url}"; write ${known}`, { field: 'url' })
}
