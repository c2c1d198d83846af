import { refuse } from '@modelyard/domain'
import { z } from 'zod'
import { type Endpoint, endpoint, type Method } from '../endpoint.ts'

const PATHS: readonly (readonly [Method, string])[] = [
  ['POST', '/mpu/create/{path*}'],
  ['POST', '/mpu/complete/{path*}'],
  ['POST', '/mpu/abort/{path*}'],
]

/**
 * Uploads and downloads past the server, which needs none: bytes stream through it. Clients go on with plain PUT and GET
 * when they are told so in exactly these words.
 */
export const multipartEndpoints: readonly Endpoint[] = [
  ...PATHS.map(([method, path]) => refused(method, path, 'upload')),
  refused('GET', '/presigned/{path*}', 'download'),
]

function refused(method: Method, path: string, way: 'upload' | 'download'): Endpoint {
  return endpoint({
    methods: [method],
    root: 'mlflow-artifacts',
    path,
    input: z.object({}),
    handle: async () =>
      refuse('unsupported', `Multipart ${way} is not supported for the current artifact repository`, {
        details: { mlflow: 'NOT_IMPLEMENTED' },
      }),
  })
}
