import { defineConfig } from '@playwright/test'

// One worker: every test here starts whole stacks, and two at once would only wait for each other's processors.
export default defineConfig({
  testDir: './src',
  workers: 1,
  retries: 0,
  timeout: 600_000,
  expect: { timeout: 15_000 },
  outputDir: '../../test-results',
  use: {
    actionTimeout: 15_000,
    navigationTimeout: 60_000,
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.MODELYARD_CHROMIUM,
      args: [
        '--no-sandbox',
        '--disable-dev-shm-usage',
        '--disable-gpu',
        '--disable-background-networking',
        '--no-first-run',
      ],
    },
  },
})
