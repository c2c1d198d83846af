/** What the command line program takes from its surroundings; the only reader of `process.env` in this process. */
export type CliEnv = {
  /** A PostgreSQL of one's own instead of the embedded one. */
  databaseUrl: string | undefined
  /** Queues on Redis instead of PostgreSQL. */
  redisUrl: string | undefined
  testDatabaseUrl: string | undefined
  /** `host:port` of private receivers that the operator lets webhooks reach. */
  webhookAllow: readonly string[]
  /** With which this program asks an installation that is there already. */
  apiKey: string | undefined
  /** Who asks another MLflow server, by the names its own clients read. */
  mlflow: { username: string | undefined; password: string | undefined; token: string | undefined }
  /** Where artifacts are kept when not on this disk, with its credentials, and how large one may be. */
  blobStore: Record<string, string>
  logLevel: string
  colour: boolean
  /** What every child may see: where programs are, language, trust store, telemetry exporters, retention; no secrets of the caller. */
  inherited: Record<string, string>
}

const INHERITED =
  /^(PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+|OTEL_\w+|MODELYARD_PREDICTION_DAYS|MODELYARD_API_HOSTS)$/

/** The S3 client reads these by itself; nobody gets them who stores nothing there. */
const OF_S3 = /^AWS_\w+$/

export function readEnv(source: NodeJS.ProcessEnv = process.env): CliEnv {
  const inherited: Record<string, string> = {}
  for (const [name, value] of Object.entries(source)) {
    if (value !== undefined && INHERITED.test(name)) inherited[name] = value
  }
  const text = (name: string) => source[name] || undefined
  const colour = process.stdout.isTTY === true && !source.NO_COLOR
  // Next colours its lines whatever they are written to, unless told.
  if (!colour) inherited.NO_COLOR = '1'
  return {
    databaseUrl: text('DATABASE_URL'),
    redisUrl: text('REDIS_URL'),
    testDatabaseUrl: text('TEST_DATABASE_URL'),
    webhookAllow: (source.MODELYARD_WEBHOOK_ALLOW ?? '').split(',').filter((receiver) => receiver !== ''),
    apiKey: text('MODELYARD_API_KEY'),
    mlflow: {
      username: text('MLFLOW_TRACKING_USERNAME'),
      password: text('MLFLOW_TRACKING_PASSWORD'),
      token: text('MLFLOW_TRACKING_TOKEN'),
    },
    blobStore: blobStoreOf(source),
    logLevel: text('LOG_LEVEL') ?? 'info',
    colour,
    inherited,
  }
}

function blobStoreOf(source: NodeJS.ProcessEnv): Record<string, string> {
  const { MODELYARD_BLOB_URL: url, MODELYARD_MAX_ARTIFACT_BYTES: maxBytes } = source
  const credentials = Object.entries(source).filter(([name]) => url && OF_S3.test(name))
  return {
    ...(Object.fromEntries(credentials) as Record<string, string>),
    ...(url ? { MODELYARD_BLOB_URL: url } : {}),
    ...(maxBytes ? { MODELYARD_MAX_ARTIFACT_BYTES: maxBytes } : {}),
  }
}

/** The caller's whole environment, for tools that are run on their behalf (tests, installers). */
export function callersEnvironment(): NodeJS.ProcessEnv {
  return process.env
}

/** Where the person stood who typed the command: npm changes to the clone before it runs anything. */
export function callersFolder(): string {
  return process.env.INIT_CWD || process.cwd()
}
