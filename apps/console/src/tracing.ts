import { startTracing } from '@modelyard/telemetry'
import { readEnv } from './env.ts'

/** Next makes the span of each request itself; its queries join it. */
export async function startConsoleTracing(): Promise<void> {
  const env = readEnv()
  await startTracing({
    process: 'console',
    version: env.MODELYARD_COMMIT,
    endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    instrument: env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined ? [] : ['pg'],
  })
}
