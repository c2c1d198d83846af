import AxeBuilder from '@axe-core/playwright'
import { type Browser, expect, test } from '@playwright/test'
import { type Api, apiOf, expectWholeStory, PROJECT as project, STORY_END } from './api.ts'
import { evaluationTests } from './evaluation.ts'
import { RECEIVER_PORT, registryTests } from './registry.ts'
import { Command, dataFolder, lives, type Ready, removeFolder } from './stack.ts'
import { addresses, commandOf, type Look, openAs, predict, put, type State, signIn } from './visit.ts'

/** The story is told once; the tests below look at what it left, in this order. */
test.describe.configure({ mode: 'serial' })

let dataDir: string
let demo: Command
let ready: Ready
let api: Api
let pages: Record<string, string>
let state: State

test.beforeAll(async ({ browser }) => {
  test.setTimeout(600_000)
  dataDir = dataFolder()
  const env = { MODELYARD_WEBHOOK_ALLOW: `127.0.0.1:${RECEIVER_PORT}` }
  demo = new Command({ command: 'demo', dataDir, portBase: 14_600, env })
  await demo.line(/the story begins/, 300_000)
  ready = demo.ready
  api = apiOf(ready)
  state = await signIn(browser, ready)
})
test.afterAll(async () => {
  await demo.close()
  removeFolder(dataDir)
})

const open = (browser: Browser, look: Look = {}) => openAs(browser, { ready, state }, look)

test('pages show the story while it happens, without being reloaded', async ({ browser }) => {
  const { context, page } = await open(browser)
  await expect.poll(async () => (await page.goto(`/${project}/now`))?.status(), { timeout: 60_000 }).toBe(200)
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }))
  await expect(page.getByRole('link', { name: 'digits' }).first()).toBeVisible({ timeout: 120_000 })
  await demo.line(STORY_END, 400_000)
  expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true)
  await context.close()
  expect(await expectWholeStory(api)).toEqual([])
})

test('every page answers with one heading and a title of its own, and complains of nothing', async ({ browser }) => {
  pages = await addresses(api)
  const { context, page, faults } = await open(browser)
  const titles = new Map<string, string>()
  for (const [name, path] of Object.entries(pages)) {
    const answer = await page.goto(path, { waitUntil: 'networkidle' })
    expect(answer?.status(), path).toBe(200)
    await expect(page.locator('h1'), `${name} has one h1`).toHaveCount(1)
    titles.set(name, await page.title())
  }
  expect(new Set(titles.values()).size, JSON.stringify([...titles])).toBe(titles.size)
  expect(faults).toEqual([])
  await context.close()
})

for (const width of [320, 390, 768, 1280]) {
  test(`no page is wider than ${width} px, in either language`, async ({ browser }) => {
    for (const locale of ['en', 'zh-CN'] as const) {
      const { context, page } = await open(browser, { width, locale })
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(path)
        const over = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        expect(over, `${name} in ${locale} overflows by ${over} px`).toBeLessThanOrEqual(0)
      }
      await context.close()
    }
  })
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing against WCAG 2.2 AA, ${colorScheme}`, async ({ browser }) => {
    const { context, page } = await open(browser, { colorScheme })
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(path, { waitUntil: 'networkidle' })
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
        .analyze()
      const found = violations.map(
        ({ id, nodes }) => `${name}: ${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`,
      )
      expect(found).toEqual([])
    }
    await context.close()
  })
}

test('the Chinese pages are Chinese', async ({ browser }) => {
  const { context, page } = await open(browser, { locale: 'zh-CN' })
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(path)
    await expect(page.locator('html'), name).toHaveAttribute('lang', 'zh-CN')
    expect(await page.locator('main').innerText(), name).toMatch(/\p{Script=Han}/u)
  }
  await context.close()
})

test('what does not exist and what belongs to others look the same', async ({ browser }) => {
  const { context, page } = await open(browser)
  for (const path of [
    '/nobodys/now',
    `/${project}/endpoints/none`,
    `/r/ep_${'0'.repeat(26)}`,
    `/a/alt_${'0'.repeat(26)}`,
  ]) {
    expect((await page.goto(path))?.status(), path).toBe(404)
  }
  await context.close()
  const stranger = await browser.newContext({ baseURL: ready.consoleUrl })
  const outside = await stranger.newPage()
  await outside.goto(pages.endpoint ?? '/')
  expect(new URL(outside.url()).pathname).toBe('/login')
  await stranger.close()
})

registryTests(() => ({ api, ready, state }))
evaluationTests(() => ({ api, ready, state }))

test('an alert on a phone without JavaScript: two taps roll back, once, and looking changes nothing', async ({
  browser,
}) => {
  const { context, page } = await open(browser, { width: 390, javaScriptEnabled: false })
  const generation = async () => (await api.endpoints.list.query({ project }))[0]?.generation ?? 0
  // The story ended with a rollback; taken back, there is a version to leave again.
  const endpointId = (await api.endpoints.list.query({ project }))[0]?.id ?? ''
  const undo = { project, endpointId, generation: await generation(), idempotencyKey: 'undo-the-end-of-the-story' }
  expect((await api.endpoints.undoRollBack.mutate(undo)).generation).toBe(undo.generation + 1)
  const before = await generation()
  await page.goto(pages.alert ?? '/')
  await page.goto(pages.rollback ?? '/')
  await page.request.fetch(`${ready.consoleUrl}${pages.rollback}`, { method: 'HEAD' })
  expect(await generation()).toBe(before)
  await page.getByRole('link', { name: /^Roll back to r\d/ }).click()
  expect(await generation()).toBe(before)
  await page.getByRole('button', { name: /^Confirm/ }).click()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  expect(await generation()).toBe(before + 1)
  await page.reload()
  expect(await generation()).toBe(before + 1)
  await context.close()
})

test('a form from elsewhere is refused', async ({ browser }) => {
  const { context, page } = await open(browser)
  const answer = await page.request.post(`${pages.rollback}/roll-back`, {
    headers: { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' },
    form: { project, key: 'from-elsewhere-0001' },
  })
  expect(answer.status()).toBe(403)
  await context.close()
})

test('keys and palette work without a mouse', async ({ browser }) => {
  const { context, page } = await open(browser)
  await page.goto(pages.now ?? '/', { waitUntil: 'networkidle' })
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.keyboard.press('g')
  await page.keyboard.press('e')
  await page.waitForURL(`**/${project}/endpoints`)
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toBeVisible()
  await context.close()
})

test('bad input gets a clear error', async () => {
  const error = (call: Promise<unknown>) =>
    call.then(
      () => 'taken',
      (fault: Error) => fault.message,
    )
  const register = {
    project,
    name: 'wrong',
    format: 'csv' as const,
    labelColumn: 'label',
    split: { kind: 'stratified' as const, train: 0.7, validation: 0.1, test: 0.2, seed: 1 },
  }
  const onnx = { project, model: 'wrong' }
  expect(
    await error(
      api.datasets.register.mutate({
        ...register,
        sha256: await put(api, ready, '1,2\n3\n'),
        idempotencyKey: 'wrong-csv-1',
      }),
    ),
  ).toMatch(/label|line|column/)
  expect(
    await error(
      api.models.register.mutate({
        ...onnx,
        sha256: await put(api, ready, 'this is no model'),
        idempotencyKey: 'wrong-onnx-1',
      }),
    ),
  ).toMatch(/ONNX/)
  const inside = {
    project,
    name: 'inside',
    kind: 'webhook' as const,
    settings: { url: 'http://10.0.0.1/' },
    idempotencyKey: 'wrong-hook-1',
  }
  expect(await error(api.alerts.createChannel.mutate(inside))).toMatch(/private/)
  const narrow = await predict(ready, [[1, 2, 3]])
  expect(narrow.status).toBe(400)
  expect(await narrow.text()).toMatch(/64/)
  expect(
    (await predict(ready, [Array(64).fill(0)], 'my_wrongkey_0000000000000000000000000000000000000000000')).status,
  ).toBe(401)
})

test('the gateway goes on alone, also from a cold start', async () => {
  const { pids } = demo.ready
  const gateway = await commandOf(pids.gateway ?? 0)
  for (const [name, pid] of Object.entries(pids)) if (name !== 'gateway') process.kill(pid, 'SIGKILL')
  await expect.poll(() => Object.entries(pids).filter(([name, pid]) => name !== 'gateway' && lives(pid))).toEqual([])
  expect((await predict(ready, [Array(64).fill(0)])).status).toBe(200)
  process.kill(pids.gateway ?? 0, 'SIGKILL')
  await expect.poll(() => lives(pids.gateway ?? 0)).toBe(false)
  const cold = gateway.spawn()
  try {
    await expect
      .poll(
        () =>
          predict(ready, [Array(64).fill(0)]).then(
            ({ status }) => status,
            () => 0,
          ),
        { timeout: 30_000 },
      )
      .toBe(200)
  } finally {
    cold.kill('SIGTERM')
  }
})
