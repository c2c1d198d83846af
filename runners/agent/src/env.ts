import { cpus, hostname } from 'node:os'
import { parseEnvironment } from '@modelyard/contracts/environment'
import { z } from 'zod'

const list = z
  .string()
  .default('')
  .transform((text) => text.split(',').filter((item) => item !== ''))

const Env = z.object({
  MODELYARD_API_URL: z.url(),
  /** Needed until this runner has a token of its own. */
  MODELYARD_ENROL_TOKEN: z.string().startsWith('mye_').optional(),
  MODELYARD_RUNNER_DIR: z.string().min(1),
  MODELYARD_RECIPES_DIR: z.string().min(1),
  MODELYARD_RUNNER_NAME: z.string().min(1).max(100).default(hostname),
  MODELYARD_RUNNER_LABELS: list,
  /** Jobs without a GPU that may run at once. */
  MODELYARD_RUNNER_SLOTS: z.coerce
    .number()
    .int()
    .min(0)
    .max(256)
    .default(() => Math.max(1, Math.floor(cpus().length / 2))),
  /** How long a leaving runner lets its jobs go on before it stops them. */
  MODELYARD_DRAIN_MS: z.coerce.number().int().min(0).max(86_400_000).default(3_000),
  MODELYARD_COMMIT: z.string().default('unknown'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
})
export type Env = z.infer<typeof Env>

/** The only reader of the environment in this process; stops it with the names of what is missing or wrong. */
export const readEnv = (source: NodeJS.ProcessEnv): Env => parseEnvironment(Env, source)
