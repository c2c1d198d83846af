import { defineConfig } from 'vitest/config'

// Forks without isolation: importing drizzle and zod once per worker and not once per file cuts the run to a third.
const shared = { pool: 'forks', isolate: false, maxWorkers: 2, testTimeout: 20_000, hookTimeout: 60_000 } as const
const everywhere = '{packages,apps,runners}/**'
const never = ['**/node_modules/**', '**/.next/**', '**/.modelyard/**', 'apps/e2e/**', 'apps/cli/boundaries/planted/**']

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'pure',
          include: [`${everywhere}/*.test.{ts,tsx}`],
          exclude: [...never, '**/*.db.test.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'db',
          include: [`${everywhere}/*.db.test.ts`],
          exclude: never,
          globalSetup: './apps/cli/src/testing/postgres.ts',
        },
      },
    ],
  },
})
