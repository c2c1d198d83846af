import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../arguments.ts'
import { repository } from '../repository.ts'
import { checkParts } from './check.ts'
import { findChromium, startRedis } from './machine-programs.ts'
import { runTool } from './run-tool.ts'
import { failed, type Part, runParts, type Tally, tallyOfPlaywright, tallyOfVitest } from './tally.ts'

/** Gives a folder for a report to some work, and removes it afterwards. */
async function withReport(work: (file: string) => Promise<Tally>): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-report-'))
  try {
    return await work(join(folder, 'report.json'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function read(file: string): Promise<unknown> {
  return existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : undefined
}

async function unit(): Promise<Tally> {
  const redis = await startRedis()
  if (!redis)
    process.stdout.write('No redis-server here and none can be installed: the queue is tested on PostgreSQL only\n')
  try {
    return await withReport(async (file) => {
      const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
      const code = await runTool('vitest/vitest.mjs', args, redis ? { REDIS_TEST_URL: redis.url } : {})
      return tallyOfVitest(await read(file), code)
    })
  } finally {
    await redis?.stop()
  }
}

async function browser(): Promise<Tally> {
  if (!existsSync(join(repository, 'apps/e2e/playwright.config.ts')))
    throw new Error('apps/e2e has no playwright.config.ts')
  const chromium = await findChromium()
  if (!chromium) {
    process.stdout.write(
      'No Chromium here and none could be installed, so no browser test ran: this counts as a failure.\n' +
        'Install one (as root on Debian: apt-get install chromium), then: npm test -- e2e\n',
    )
    return failed
  }
  return withReport(async (file) => {
    const args = ['test', '-c', 'apps/e2e/playwright.config.ts', '--reporter=list,json']
    const env = { MODELYARD_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: file }
    const code = await runTool('@playwright/test/cli.js', args, env)
    return tallyOfPlaywright(await read(file), code)
  })
}

const PARTS: readonly Part[] = [...checkParts, { name: 'unit', run: unit }, { name: 'e2e', run: browser }]

/** `npm test [-- <part> ...]`: everything, or the named parts. */
export async function test(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => !PARTS.some(({ name }) => name === arg))
  if (unknown)
    throw new UsageError(`There is no part "${unknown}"; there are ${PARTS.map(({ name }) => name).join(', ')}`)
  return runParts(args.length === 0 ? PARTS : PARTS.filter(({ name }) => args.includes(name)))
}
