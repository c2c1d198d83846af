import { parseEnvironment } from '@modelyard/contracts/environment'
import { z } from 'zod'

const optional = <T extends z.ZodType>(shape: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), shape.optional())

const Env = z.object({
  DATABASE_URL: z.url(),
  /** The queue goes over Redis where this is set. */
  REDIS_URL: optional(z.url()),
  MODELYARD_SECRET: z.string().min(32),
  MODELYARD_BLOB_DIR: z.string().min(1),
  /** Where bytes are kept instead: `s3://bucket/prefix?…`; the folder is its spool then. */
  MODELYARD_BLOB_URL: optional(z.string()),
  MODELYARD_CONSOLE_URL: z.url(),
  MODELYARD_WEBHOOK_ALLOW: z.string().default(''),
  /** How long predictions are kept. */
  MODELYARD_PREDICTION_DAYS: z.coerce.number().int().min(1).max(3_650).default(30),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4603),
  MODELYARD_COMMIT: z.string().default('unknown'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(z.url()),
})
export type Env = z.infer<typeof Env>

/** The only reader of the environment in this process; stops it with the names of what is missing or wrong. */
export const readEnv = (source: NodeJS.ProcessEnv): Env => parseEnvironment(Env, source)
