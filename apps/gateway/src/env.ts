import { parseEnvironment } from '@modelyard/contracts/environment'
import { z } from 'zod'

const wholeNumber = (fallback: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback)

const Env = z.object({
  MODELYARD_API_URL: z.url().transform((url) => url.replace(/\/$/, '')),
  MODELYARD_GATEWAY_TOKEN: z.string().min(20),
  /** Everything this gateway keeps: snapshot, models, spool. */
  MODELYARD_GATEWAY_DIR: z.string().min(1),
  MODELYARD_GATEWAY_NAME: z.string().min(1).max(100).default('local'),
  MODELYARD_SPOOL_MAX_BYTES: wholeNumber(512 * 2 ** 20, 2 ** 20, 2 ** 40),
  MODELYARD_MODEL_THREADS: wholeNumber(1, 1, 64),
  MODELYARD_MODEL_PROCESSES: wholeNumber(1, 1, 64),
  MODELYARD_RUN_LIMIT_MS: wholeNumber(10_000, 10, 600_000),
  MODELYARD_MODEL_MEMORY_BYTES: wholeNumber(4 * 2 ** 30, 2 ** 31, 2 ** 40),
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumber(4602, 0, 65_535),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
})
export type Env = z.infer<typeof Env>

/** The only reader of the environment in this process; stops it with the names of what is missing or wrong. */
export const readEnv = (source: NodeJS.ProcessEnv): Env => parseEnvironment(Env, source)
