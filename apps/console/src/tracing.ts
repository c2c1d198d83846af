import { sharedMetrics, startTracing } from '@modelyard/telemetry'
import { readEnv } from './env.ts'
import { meterRequests } from './server/metering.ts'

/** Next makes the span of each request itself; its queries join it. */
export async function startConsoleTracing(): Promise<void> {
  const env = readEnv()
  const tracing = await startTracing({
    process: 'console',
    version: env.MODELYARD_COMMIT,
    endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    instrument: env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined ? [] : ['pg'],
  })
  // Next ends the process when its server has closed; until then there is time to send what is left.
  if (tracing.exporting) process.once('SIGTERM', () => void tracing.stop())
}

/** The metrics of this process, which begin to count with its first request. */
export function startConsoleMetrics(): void {
  meterRequests(sharedMetrics('console', { version: readEnv().MODELYARD_COMMIT }))
}
