import { parseEnvironment } from '@modelyard/contracts/environment'
import { z } from 'zod'

const Env = z.object({
  DATABASE_URL: z.url(),
  MODELYARD_SECRET: z.string().min(32),
  MODELYARD_BLOB_DIR: z.string().min(1),
  /** Where bytes are kept instead: `s3://bucket/prefix?…`; the folder is its spool then. */
  MODELYARD_BLOB_URL: z.string().min(1).optional(),
  /** The address people type; sessions and forms of other origins are refused. */
  MODELYARD_CONSOLE_URL: z.url(),
  MODELYARD_WEBHOOK_ALLOW: z.string().default(''),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  /** Where calling applications reach predictions; shown to people only. */
  MODELYARD_GATEWAY_URL: z.url().optional(),
  MODELYARD_COMMIT: z.string().default('unknown'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
})
export type Env = z.infer<typeof Env>

/** The only reader of the environment in this process; read at the first request, because a build has none. */
export const readEnv = (source: NodeJS.ProcessEnv = process.env): Env => parseEnvironment(Env, source)

/** Whether Next compiles pages on request: its tools then need what production forbids. */
export const isDevelopment = process.env.NODE_ENV === 'development'
