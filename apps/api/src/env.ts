import { parseEnvironment } from '@modelyard/contracts/environment'
import { z } from 'zod'

const Env = z.object({
  DATABASE_URL: z.url(),
  MODELYARD_SECRET: z.string().min(32),
  MODELYARD_BLOB_DIR: z.string().min(1),
  /** Where bytes are kept instead: `s3://bucket/prefix?…`; the folder is its spool then. */
  MODELYARD_BLOB_URL: z.string().min(1).optional(),
  /** The largest artifact that is taken. */
  MODELYARD_MAX_ARTIFACT_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(10 * 1024 ** 3),
  MODELYARD_CONSOLE_URL: z.url(),
  MODELYARD_BOOTSTRAP_JSON: z.string().min(1).optional(),
  MODELYARD_WEBHOOK_ALLOW: z.string().default(''),
  /** Names that MLflow clients reach this server by, beside addresses and localhost; `*` takes any. */
  MODELYARD_API_HOSTS: z
    .string()
    .default('')
    .transform((names) => names.split(',').flatMap((name) => name.trim().toLowerCase() || [])),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4601),
  MODELYARD_COMMIT: z.string().default('unknown'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
})
export type Env = z.infer<typeof Env>

/** The only reader of the environment in this process; stops it with the names of what is missing or wrong. */
export const readEnv = (source: NodeJS.ProcessEnv): Env => parseEnvironment(Env, source)
