const TYPES: Readonly<Record<string, string>> = {
  'application/gzip': 'gz tgz',
  'application/javascript': 'js mjs',
  'application/json': 'json',
  'application/pdf': 'pdf',
  'application/wasm': 'wasm',
  'application/x-hdf5': 'h5 hdf5',
  'application/x-ipynb+json': 'ipynb',
  'application/x-tar': 'tar',
  'application/xml': 'xml',
  'application/yaml': 'yaml yml',
  'application/zip': 'zip',
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'image/bmp': 'bmp',
  'image/gif': 'gif',
  'image/jpeg': 'jpg jpeg',
  'image/png': 'png',
  'image/svg+xml': 'svg',
  'image/tiff': 'tif tiff',
  'image/webp': 'webp',
  'text/css': 'css',
  'text/csv': 'csv',
  'text/html': 'html htm',
  'text/markdown': 'md markdown',
  'text/plain': 'txt log err cfg conf ini properties toml rst py mlmodel mlproject',
  'text/tab-separated-values': 'tsv',
  'video/mp4': 'mp4',
  'video/webm': 'webm',
}
const BY_EXTENSION = new Map(
  Object.entries(TYPES).flatMap(([type, extensions]) =>
    extensions.split(' ').map((extension) => [extension, type] as const),
  ),
)

/** Media type by the end of a file's name (`MLmodel` has none and counts as one); what a sender claims is not asked. */
export function mediaTypeOf(path: string): string {
  return BY_EXTENSION.get(extensionOf(path)) ?? 'application/octet-stream'
}

/** Lower case, without the dot; the whole name where there is none. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase()
}
