import { z } from 'zod'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { Reply } from '../reply.ts'

/**
 * Below 3.4, so that clients send no spans over OTLP, which nobody here takes; scripts that trace go on without a fault.
 */
const VERSION = '3.3.0'

/** What clients ask about the server itself. */
export const serverEndpoints: readonly Endpoint[] = [
  endpoint({
    methods: ['GET'],
    root: 'bare',
    path: '/version',
    input: z.object({}),
    handle: async () => new Reply(200, { 'content-type': 'text/plain; charset=utf-8' }, VERSION),
  }),
  endpoint({
    methods: ['GET'],
    root: 'mlflow-v3',
    path: '/server-info',
    input: z.object({}),
    handle: async () => ({ store_type: 'SqlStore', workspaces_enabled: false }),
  }),
]
