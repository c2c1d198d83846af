import AxeBuilder from '@axe-core/playwright'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { type Api, apiOf, PROJECT } from './api.ts'
import { addressTests } from './runs-address.ts'
import { chartTests } from './runs-charts.ts'
import { liveTests } from './runs-live.ts'
import { databaseOf, HOSTILE, logRich, MANY, mlflowOf, seedRuns } from './runs-seed.ts'
import { tableTests } from './runs-table.ts'
import { Command, dataFolder, type Ready, removeFolder } from './stack.ts'
import { type Look, openAs, type State, signIn } from './visit.ts'

test.describe.configure({ mode: 'serial' })

/** Ten thousand rows in a page, and no more of them in the document than a screen or two. */
const MAX_NODES = 1_500
/** Of 200 rows with eight logged columns, before compression. */
const MAX_PAGE_BYTES = 120_000

let dataDir: string
let stack: Command
let ready: Ready
let api: Api
let state: State
let richId: string

test.beforeAll(async ({ browser }) => {
  test.setTimeout(600_000)
  dataDir = dataFolder()
  stack = new Command({ command: 'start', dataDir, portBase: 14_700 })
  await stack.line(/Ctrl-C stops everything/, 400_000)
  ready = stack.ready
  api = apiOf(ready)
  const project = { slug: PROJECT, name: 'Digits', task: 'multiclass' as const, kpis: [] }
  await api.account.createProject.mutate({ ...project, idempotencyKey: 'project-of-runs' })
  const database = await databaseOf(dataDir, ready)
  await seedRuns(database)
  await database.end()
  richId = await logRich(ready, api)
  state = await signIn(browser, ready)
})
test.afterAll(async () => {
  await stack.close()
  removeFolder(dataDir)
})

const open = (browser: Browser, look: Look = {}) => openAs(browser, { ready, state }, look)
const table = (page: Page) => page.getByRole('table', { name: 'Runs' })
const rowsOf = (page: Page) => page.locator('[data-row]')

test('ten thousand runs are one table: filtered, sorted, scrolled to the end, and never all in the document', async ({
  browser,
}) => {
  const { context, page, faults } = await open(browser)
  await page.goto(`/${PROJECT}/runs`, { waitUntil: 'networkidle' })
  await expect(table(page)).toHaveAttribute('aria-rowcount', String(MANY + 2 + 1))
  await page.getByRole('button', { name: 'val_f1' }).click()
  await expect(page.getByRole('columnheader', { name: 'val_f1' })).toHaveAttribute('aria-sort', 'descending')
  await expect(page).toHaveURL(/sort=-metrics\.val_f1/)
  const [best] = (await api.runs.rows.query({ project: PROJECT, sort: '-metrics.val_f1', limit: 1 })).items
  await expect(rowsOf(page).first()).toHaveAttribute('data-row', best?.id ?? '')
  await page.getByRole('searchbox', { name: 'Filter runs' }).fill("params.lr = '0.1' AND tags.team = 'vision'")
  await page.keyboard.press('Enter')
  const { total } = await api.runs.count.query({
    project: PROJECT,
    filter: "params.lr = '0.1' AND tags.team = 'vision'",
  })
  expect(total).toBeGreaterThan(200)
  await expect(table(page)).toHaveAttribute('aria-rowcount', String(total + 1))
  await scrollToEnd(page, total)
  expect(await page.locator('main *').count()).toBeLessThanOrEqual(MAX_NODES)
  await page.goBack()
  await expect(table(page)).toHaveAttribute('aria-rowcount', String(MANY + 2 + 1))
  expect(faults).toEqual([])
  await context.close()
})

/** Page by page; the last row tells its place in the whole. */
async function scrollToEnd(page: Page, total: number): Promise<void> {
  const region = page.getByRole('region', { name: /^Runs; scroll/ })
  await expect
    .poll(
      async () => {
        await region.evaluate((element) => element.scrollTo({ top: element.scrollHeight }))
        return rowsOf(page).last().getAttribute('aria-rowindex')
      },
      { timeout: 180_000, intervals: [100] },
    )
    .toBe(String(total + 1))
}

test('all ten thousand can be scrolled through', async ({ browser }) => {
  const { context, page } = await open(browser)
  const sizes: number[] = []
  page.on('response', async (answer) => {
    if (answer.url().includes('/runs.rows')) sizes.push((await answer.body()).length)
  })
  await page.goto(`/${PROJECT}/runs`, { waitUntil: 'networkidle' })
  const beganAt = Date.now()
  await scrollToEnd(page, MANY + 2)
  const nodes = await page.locator('main *').count()
  expect(nodes).toBeLessThanOrEqual(MAX_NODES)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_PAGE_BYTES)
  console.log(`${MANY} rows in ${sizes.length} pages of at most ${Math.max(...sizes)} bytes scrolled through in`, {
    seconds: (Date.now() - beganAt) / 1000,
    nodes,
  })
  await context.close()
})

test('a filter that is at fault says where, under the field', async ({ browser }) => {
  const { context, page } = await open(browser)
  await page.goto(`/${PROJECT}/runs?q=${encodeURIComponent('metrics.val_f1 >> 3')}`)
  const alert = page.getByRole('alert').filter({ hasText: /character \d+/ })
  await expect(alert).toBeVisible()
  await expect(alert.locator('mark')).toHaveCount(1)
  await page.getByRole('searchbox', { name: 'Filter runs' }).fill('')
  await expect(table(page)).toHaveAttribute('aria-rowcount', String(MANY + 2 + 1))
  await context.close()
})

test('a saved view comes back as it was, for everybody, and survives a column that is gone', async ({ browser }) => {
  const { context, page } = await open(browser)
  await page.goto(`/${PROJECT}/runs?q=metrics.val_f1+%3E+0.9&sort=-metrics.val_f1&col=metrics.val_f1&col=params.gone`)
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('menuitem', { name: 'Save this view…' }).click()
  await page.getByLabel('Name').fill('Best trials')
  // A sheet takes no press in its first moments: the one that opened it may still be held.
  await page.waitForTimeout(400)
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page).toHaveURL(/view=vw_/)
  const other = await open(browser)
  await other.page.goto(`/${PROJECT}/runs`)
  await other.page.getByRole('button', { name: 'Views' }).click()
  await other.page.getByRole('menuitem', { name: 'Best trials' }).click()
  await expect(other.page.getByRole('searchbox', { name: 'Filter runs' })).toHaveValue('metrics.val_f1 > 0.9')
  await expect(other.page.getByRole('columnheader', { name: 'val_f1' })).toHaveAttribute('aria-sort', 'descending')
  await expect(other.page.getByText('1 column of this view is in no recent run')).toBeVisible()
  await other.context.close()
  await context.close()
})

test('groups lead to their runs', async ({ browser }) => {
  const { context, page } = await open(browser)
  await page.goto(`/${PROJECT}/runs?group=params.optimizer&metric=val_f1`)
  const groups = page.getByRole('table', { name: 'Runs by optimizer' })
  await expect(groups.getByRole('row')).toHaveCount(1 + 3)
  await groups.getByRole('button', { name: 'adam' }).click()
  await expect(page.getByRole('searchbox', { name: 'Filter runs' })).toHaveValue("params.optimizer = 'adam'")
  await expect(table(page)).toHaveAttribute('aria-rowcount', String(MANY / 2 + 1))
  await context.close()
})

test('fifteen runs chosen as fast as keys come are compared, with the best marked and the differences shown', async ({
  browser,
}) => {
  const { context, page, faults } = await open(browser)
  await page.goto(`/${PROJECT}/runs?q=attributes.run_name+LIKE+%27trial-000%25%27`, { waitUntil: 'networkidle' })
  for (let count = 0; count < 15; count++) {
    await page.keyboard.press('j')
    await page.keyboard.press('x')
  }
  await expect(page.getByText('15 selected')).toBeVisible()
  await page.keyboard.press('c')
  await page.waitForURL(/\/compare\?runs=/)
  const metrics = page.getByRole('table', { name: 'Metrics' })
  await expect(metrics.getByRole('row', { name: /val_f1/ }).getByText('★')).toHaveCount(1)
  const differences = page.getByRole('table', { name: 'Differences' })
  await expect(differences.getByRole('rowheader', { name: 'seed', exact: true })).toBeVisible()
  await page.getByLabel('Baseline').nth(1).click()
  await expect(page.getByLabel('Baseline').nth(1)).toBeChecked()
  await expect(page).toHaveURL(/base=run_/)
  await expect(page.getByRole('img', { name: 'Parallel coordinates' })).toBeVisible()
  expect(faults).toEqual([])
  await context.close()
})

test('a new run is counted, and moves no row until it is asked for', async ({ browser }) => {
  const { context, page } = await open(browser)
  await page.goto(`/${PROJECT}/runs`, { waitUntil: 'networkidle' })
  const first = (await rowsOf(page).first().getAttribute('data-row')) ?? ''
  await mlflowOf(ready).begin('latecomer')
  const pill = page.getByRole('button', { name: '1 new' })
  await expect(pill).toBeVisible()
  await expect(rowsOf(page).first()).toHaveAttribute('data-row', first)
  await pill.click()
  await expect(rowsOf(page).first()).toContainText('latecomer')
  await context.close()
})

test('files are looked into, and nothing of theirs runs', async ({ browser }) => {
  const { context, page, faults } = await open(browser)
  await page.goto(`/${PROJECT}/runs/${richId}`, { waitUntil: 'networkidle' })
  const title = await page.title()
  await expect(page.getByText('1 point is NaN or infinite')).toBeVisible()
  await expect(page.getByRole('link', { name: `inner ${HOSTILE}` })).toBeVisible()
  const file = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}`) }).click()
  await file('report.html')
  await expect(page.frameLocator('iframe').getByRole('heading', { name: 'Report' })).toBeVisible()
  await file('plot.png')
  await expect(page.getByRole('img', { name: 'plot.png' })).toBeVisible()
  expect(
    await page.getByRole('img', { name: 'plot.png' }).evaluate((image) => (image as HTMLImageElement).naturalWidth),
  ).toBe(1)
  await file('facts.json')
  await expect(page.getByText('9007199254740993')).toBeVisible()
  await file('notes.txt')
  await expect(page.getByRole('article', { name: 'notes.txt' }).getByText(HOSTILE)).toBeVisible()
  await page.getByText('tables', { exact: true }).click()
  await file('scores.csv')
  const scores = page.getByRole('region', { name: 'tables/scores.csv' })
  await expect(scores.getByRole('cell', { name: HOSTILE })).toBeVisible()
  await file('weights.bin')
  await expect(page.getByText('This kind of file is not shown; download it.')).toBeVisible()
  expect(await page.title()).toBe(title)
  // The browser says that it kept the script of the report from running; that is the point of it.
  expect(faults.filter((fault) => !/sandbox|Content Security Policy/i.test(fault))).toEqual([])
  await context.close()
})

test('the bytes of a file come under a policy that lets nothing run, and to members only', async ({ browser }) => {
  const { context, page } = await open(browser)
  const path = `/${PROJECT}/runs/${richId}/file?path=report.html`
  const answer = await page.request.get(path)
  expect(answer.headers()['content-security-policy']).toMatch(/^sandbox; default-src 'none'/)
  expect(answer.headers()['x-content-type-options']).toBe('nosniff')
  const saved = await page.request.get(`${path}&download`)
  expect(saved.headers()['content-type']).toBe('application/octet-stream')
  expect(saved.headers()['content-disposition']).toMatch(/^attachment/)
  expect((await page.request.get(`/${PROJECT}/runs/${richId}/file?path=../../etc/passwd`)).status()).toBe(400)
  expect((await page.request.get(`/${PROJECT}/runs/${richId}/file?path=none`)).status()).toBe(404)
  await page.goto(path)
  expect(await page.title()).not.toBe('owned')
  await context.close()
  const stranger = await browser.newContext({ baseURL: ready.consoleUrl })
  expect((await stranger.request.get(path)).status()).toBe(401)
  await stranger.close()
})

liveTests(() => ({ api, ready, state }))
chartTests(() => ({ api, ready, state }))
addressTests(() => ({ api, ready, state }))
tableTests(() => ({ api, ready, state }))

const addresses = async () => {
  const { items } = await api.runs.rows.query({ project: PROJECT, sort: '-metrics.val_f1', limit: 3 })
  return [
    `/${PROJECT}/runs`,
    `/${PROJECT}/runs?group=params.lr&metric=val_f1`,
    `/${PROJECT}/runs/${richId}?file=tables%2Fscores.csv`,
    `/${PROJECT}/compare?runs=${[...items.map(({ id }) => id), richId].join()}`,
    `/${PROJECT}/runs?peek=${richId}&sel=${richId}`,
    `/${PROJECT}/compare?runs=${[...items.map(({ id }) => id), richId].join()}&brush=params.lr~0~0.5&y=log&smooth=0.5&x=time`,
  ]
}

for (const width of [320, 390, 768, 1280]) {
  test(`no page of runs is wider than ${width} px, in either language`, async ({ browser }) => {
    for (const locale of ['en', 'zh-CN'] as const) {
      const { context, page } = await open(browser, { width, locale })
      for (const path of await addresses()) {
        await page.goto(path, { waitUntil: 'networkidle' })
        const over = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        expect(over, `${path} in ${locale} overflows by ${over} px`).toBeLessThanOrEqual(0)
      }
      await context.close()
    }
  })
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing against WCAG 2.2 AA on pages of runs, ${colorScheme}`, async ({ browser }) => {
    const { context, page, faults } = await open(browser, { colorScheme })
    for (const path of await addresses()) {
      await page.goto(path, { waitUntil: 'networkidle' })
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
        .analyze()
      const found = violations.map(
        ({ id, nodes }) => `${path}: ${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`,
      )
      expect(found).toEqual([])
    }
    expect(faults).toEqual([])
    await context.close()
  })
}
