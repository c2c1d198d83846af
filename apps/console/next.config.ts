import { fileURLToPath } from 'node:url'
import type { NextConfig } from 'next'
import createNextIntlPlugin from 'next-intl/plugin'

const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url))
const withMessages = createNextIntlPlugin('./src/i18n/request.ts')

const config: NextConfig = {
  outputFileTracingRoot: repositoryRoot,
  turbopack: { root: repositoryRoot },
  poweredByHeader: false,
  reactStrictMode: true,
  // Drizzle and our own packages are bundled (a process that imports Drizzle unbundled holds 200 MB more);
  // what loads native code, patches other modules or is seldom loaded stays outside.
  transpilePackages: [
    '@modelyard/alerts',
    '@modelyard/artifacts',
    '@modelyard/auth',
    '@modelyard/contracts',
    '@modelyard/db',
    '@modelyard/domain',
    '@modelyard/services',
    '@modelyard/stats',
    '@modelyard/telemetry',
    '@modelyard/trpc',
    '@modelyard/ui',
  ],
  serverExternalPackages: [
    '@aws-sdk/client-s3',
    '@aws-sdk/lib-storage',
    'pg',
    'prom-client',
    'pino',
    'import-in-the-middle',
    '@opentelemetry/api',
    '@opentelemetry/sdk-node',
    '@opentelemetry/sdk-trace',
    '@opentelemetry/resources',
    '@opentelemetry/exporter-trace-otlp-http',
    '@opentelemetry/instrumentation-http',
    '@opentelemetry/instrumentation-pg',
    '@opentelemetry/instrumentation-undici',
  ],
  typescript: { ignoreBuildErrors: process.env.MODELYARD_SKIP_TYPES !== undefined },
}

export default withMessages(config)
