import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Browser, type BrowserContext, expect } from '@playwright/test'
import { type Api, PROJECT } from './api.ts'
import type { Ready } from './stack.ts'

export type State = Awaited<ReturnType<BrowserContext['storageState']>>

/** Through the page, as a person does. */
export async function signIn(browser: Browser, ready: Ready): Promise<State> {
  const context = await browser.newContext({ baseURL: ready.consoleUrl })
  const page = await context.newPage()
  await page.goto('/login')
  await page.getByLabel('E-mail').fill(ready.adminEmail)
  await page.getByLabel('Password').fill(ready.adminPassword)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/login'))
  const kept = await context.storageState()
  await context.close()
  return kept
}

export type Look = {
  width?: number
  colorScheme?: 'light' | 'dark'
  locale?: 'en' | 'zh-CN'
  javaScriptEnabled?: boolean
}

/** A signed-in browser; whatever its pages say on the console or throw lands in `faults`. */
export async function openAs(browser: Browser, visitor: { ready: Ready; state: State }, look: Look = {}) {
  const { width = 1280, colorScheme = 'light', locale = 'en', javaScriptEnabled = true } = look
  const context = await browser.newContext({
    baseURL: visitor.ready.consoleUrl,
    storageState: visitor.state,
    viewport: { width, height: width < 600 ? 844 : 800 },
    colorScheme,
    locale,
    javaScriptEnabled,
  })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`${page.url()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`))
  return { context, page, faults }
}

/** One address of every kind of page, on what the story left. */
export async function addresses(api: Api): Promise<Record<string, string>> {
  const { items: jobs } = await api.jobs.list.query({ project: PROJECT })
  const job = jobs.find(({ state: ended }) => ended === 'succeeded')
  const [endpoint] = await api.endpoints.list.query({ project: PROJECT })
  const { items: rollouts } = await api.rollouts.list.query({ project: PROJECT })
  const { items: alerts } = await api.alerts.list.query({ project: PROJECT })
  const alert = alerts.find(({ rule }) => rule === 'drift')
  return {
    now: `/${PROJECT}/now`,
    datasets: `/${PROJECT}/datasets`,
    dataset: `/${PROJECT}/datasets/digits/v/1`,
    runs: `/${PROJECT}/runs`,
    run: `/${PROJECT}/runs/${job?.runId}`,
    models: `/${PROJECT}/models`,
    model: `/${PROJECT}/models/digits`,
    modelVersion: `/${PROJECT}/models/digits/v/1`,
    modelEvaluation: `/${PROJECT}/models/digits/v/1/eval`,
    modelCard: `/${PROJECT}/models/digits/v/1/card`,
    modelFiles: `/${PROJECT}/models/digits/v/1/files`,
    modelLineage: `/${PROJECT}/models/digits/v/3/lineage`,
    modelCompare: `/${PROJECT}/models/digits/compare?v=1&v=2&v=3`,
    lineage: `/${PROJECT}/lineage?focus=${endpoint?.id}`,
    webhooks: `/${PROJECT}/settings/webhooks`,
    endpoints: `/${PROJECT}/endpoints`,
    endpoint: `/${PROJECT}/endpoints/digits`,
    rollout: `/${PROJECT}/endpoints/digits/rollouts/${rollouts.find(({ state: ended }) => ended === 'rolled_back')?.id}`,
    drift: `/${PROJECT}/endpoints/digits/drift`,
    alerts: `/${PROJECT}/alerts`,
    alert: `/a/${alert?.id}`,
    rollback: `/r/${endpoint?.id}`,
    jobs: `/${PROJECT}/jobs`,
    job: `/${PROJECT}/jobs/${job?.id}`,
    ledger: `/${PROJECT}/ledger`,
    settings: `/${PROJECT}/settings`,
  }
}

/** Ask the gateway, as a calling application does. */
export const predict = (ready: Ready, instances: number[][], key = ready.apiKey) =>
  fetch(`${ready.gatewayUrl}/${PROJECT}/digits/predict`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ instances }),
  })

/** Upload a text; answers its hash. */
export async function put(api: Api, ready: Ready, text: string): Promise<string> {
  const bytes = Buffer.from(text)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const begun = await api.upload.begin.mutate({ project: PROJECT, sha256, sizeBytes: bytes.length })
  if (begun.state === 'have') return sha256
  const answer = await fetch(`${ready.apiUrl}/uploads/${begun.uploadId}?offset=0`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${ready.apiKey}` },
    body: bytes,
  })
  expect(answer.status).toBe(200)
  await api.upload.complete.mutate({ uploadId: begun.uploadId })
  return sha256
}

/** The same program with the same environment, to be started by hand. */
export async function commandOf(pid: number) {
  const [program = '', ...args] = (await readFile(`/proc/${pid}/cmdline`, 'utf8'))
    .split('\0')
    .filter((part) => part !== '')
  const lines = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0').filter((line) => line.includes('='))
  const env = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
  return { spawn: () => spawn(program, args, { env, stdio: 'ignore' }) }
}
