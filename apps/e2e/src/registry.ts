import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { type Api, PROJECT as project } from './api.ts'
import type { Ready } from './stack.ts'
import { type Look, openAs, type State } from './visit.ts'

export type Told = { api: Api; ready: Ready; state: State }

export const HOSTILE = '<img src=x onerror=alert(1)>'
const OPAQUE = `sorter ${HOSTILE}`
const MODEL = `/${project}/models/digits`
/** Where webhooks of these tests go; private, so the stack is told that it may. */
export const RECEIVER_PORT = 14_690
let keys = 0
const key = () => `registry-${Date.now()}-${++keys}`

/** The pages of models, on what the story left; `told` is asked when a test begins. */
export function registryTests(told: () => Told): void {
  const visit = async (browser: Browser, path: string, look: Look = {}) => {
    const opened = await openAs(browser, told(), look)
    const alerts: string[] = []
    opened.page.on('dialog', (dialog) => {
      alerts.push(dialog.message())
      void dialog.dismiss()
    })
    await opened.page.goto(path, { waitUntil: 'networkidle' })
    return { ...opened, alerts }
  }

  test('an alias is moved with the keyboard alone', async ({ browser }) => {
    const { api } = told()
    await api.models.setAlias.mutate({ project, model: 'digits', version: 1, alias: 'best', idempotencyKey: key() })
    const { page, context } = await visit(browser, MODEL)
    await page.getByRole('button', { name: 'Move alias best', exact: true }).focus()
    await page.keyboard.press('Enter')
    await expect(page.getByLabel('Version', { exact: true })).toBeFocused()
    await page.keyboard.type('v3')
    await confirmByKeyboard(page)
    await expect(page.getByRole('dialog')).toBeHidden()
    const { aliases } = await api.models.about.query({ project, model: 'digits' })
    expect(aliases).toContainEqual({ alias: 'best', version: 3 })
    await expect(page.getByRole('listitem').filter({ hasText: '@best' }).getByRole('link')).toHaveText('v3')
    await context.close()
  })

  test('two versions that were ticked are compared, and the baseline turns', async ({ browser }) => {
    const { page, context, faults } = await visit(browser, MODEL)
    for (const version of [1, 3]) await page.getByLabel(`Pick v${version} for comparison`).check()
    await page.getByRole('button', { name: 'Compare 2' }).click()
    await page.waitForURL(/compare\?/)
    const accuracy = page.getByRole('row').filter({ hasText: /^accuracy/ })
    const gain = /\+\d+(\.\d+)? pp/
    await expect(accuracy.first()).toContainText(gain)
    await page.getByRole('link', { name: 'Make baseline' }).click()
    await expect(accuracy.first()).toContainText(/−\d+(\.\d+)? pp/)
    expect(faults).toEqual([])
    await context.close()
  })

  test('a card is written, never over what somebody else wrote unseen, and taken along as Markdown', async ({
    browser,
  }) => {
    const { api } = told()
    const { id: modelVersionId } = await api.models.get.query({ project, model: 'digits', version: 1 })
    const { page, context, alerts } = await visit(browser, `${MODEL}/v/1/card`)
    const sheet = page.getByRole('dialog')
    await page.getByRole('button', { name: 'Edit Summary' }).click()
    await sheet.getByRole('textbox').fill(`Reads one digit. ${HOSTILE}`)
    const { revision } = await api.modelCard.get.query({ project, modelVersionId })
    const meanwhile = { project, modelVersionId, revision, sections: { summary: 'From elsewhere.' } }
    await api.modelCard.edit.mutate({ ...meanwhile, idempotencyKey: key() })
    await expect(sheet.getByText('From elsewhere.')).toBeVisible()
    await expect(sheet.getByRole('button', { name: 'Save' })).toBeDisabled()
    await sheet.getByRole('button', { name: 'I read it; keep mine' }).click()
    await sheet.getByRole('button', { name: 'Save' }).click()
    await expect(sheet).toBeHidden()
    await expect(page.getByText(`Reads one digit. ${HOSTILE}`)).toBeVisible()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Markdown' }).click(),
    ])
    const text = await readFile(await file.path(), 'utf8')
    expect(file.suggestedFilename()).toBe('digits-v1-card.md')
    expect(text).toContain('> Reads one digit. \\<img src=x onerror=alert(1)\\>')
    expect(text).toMatch(/\| Dataset \| digits v1 \|/)
    expect(alerts).toEqual([])
    await context.close()
  })

  test('lineage leads from the rows to the endpoint, as a picture and as a table', async ({ browser }) => {
    const { page, context } = await visit(browser, `${MODEL}/v/1/lineage`)
    const picture = page.getByRole('region', { name: 'Lineage as a picture' }).filter({ visible: true })
    for (const name of [/^Dataset version digits v1/, /^Run/, /^Variant.* digits r1/])
      await expect(picture.getByRole('link', { name })).toBeVisible()
    const row = page.getByRole('row').filter({ hasText: /^Endpoint/ })
    await expect(row).toContainText('digits r1')
    await picture.getByRole('link', { name: /^Endpoint/ }).click()
    await page.waitForURL(`**/${project}/endpoints/digits`)
    await context.close()
  })

  test('a version that serves is not deleted: its endpoints stand against it', async ({ browser }) => {
    const { api } = told()
    const [endpoint] = await api.endpoints.list.query({ project })
    const serving = endpoint?.variants.find(({ role }) => role === 'stable')?.modelVersion
    const { page, context } = await visit(browser, `${MODEL}/v/${serving}`)
    await page.getByRole('button', { name: 'Actions' }).click()
    await page.getByRole('menuitem', { name: 'Delete version…' }).click()
    const sheet = page.getByRole('dialog')
    await expect(sheet.getByRole('link', { name: /^digits r\d/ })).toBeVisible()
    await expect(sheet.getByRole('button', { name: 'Delete' })).toBeDisabled()
    await context.close()
    const forced = api.models.deleteVersion.mutate({
      ...{ project, model: 'digits', version: serving ?? 0, idempotencyKey: key() },
    })
    await expect(forced).rejects.toThrow(/takes traffic on digits/)
  })

  test('what a client logged in another format is kept, shown as text at most, and never opened', async ({
    browser,
  }) => {
    await registerOpaque(told().ready)
    const page = `/${project}/models/${encodeURIComponent(OPAQUE)}`
    for (const look of [{}, { width: 320, locale: 'zh-CN', colorScheme: 'dark' }] as const) {
      const opened = await visit(browser, page, look)
      for (const part of [
        '/v/1',
        '/v/1/files?file=MLmodel',
        '/v/1/files?file=model.pkl',
        '/v/1/card',
        '/v/1/lineage',
      ]) {
        await opened.page.goto(`${page}${part}`, { waitUntil: 'networkidle' })
        await expect(opened.page.locator('h1')).toContainText(OPAQUE)
        const over = () => document.documentElement.scrollWidth - document.documentElement.clientWidth
        expect(await opened.page.evaluate(over), part).toBeLessThanOrEqual(0)
      }
      expect([...opened.alerts, ...opened.faults]).toEqual([])
      await opened.context.close()
    }
  })

  test('a webhook is made with a secret that is shown once, tried, told of an alias, and sent that again', async ({
    browser,
  }) => {
    const { api } = told()
    const heard: string[] = []
    const receiver = createServer((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => heard.push(text))
      request.on('end', () => response.end('thanks'))
    })
    await new Promise<void>((resolve) => receiver.listen(RECEIVER_PORT, '127.0.0.1', resolve))
    const { page, context } = await visit(browser, `/${project}/settings/webhooks`)
    await page.getByRole('button', { name: 'Add webhook' }).click()
    await page.getByLabel('Name').fill('builds')
    await page.getByLabel('URL').fill(`http://127.0.0.1:${RECEIVER_PORT}/hook`)
    await page.getByLabel('model_version_alias.created').check()
    await page.getByRole('dialog').getByRole('button', { name: 'Add webhook' }).click()
    await expect(page.locator('[data-secret]')).toHaveText(/^whsec_/)
    await page.getByRole('button', { name: 'I have saved it' }).click()
    await page.getByRole('button', { name: 'Test builds' }).click()
    await expect(page.getByRole('status').filter({ hasText: 'answered 200' })).toBeVisible()
    await page.getByRole('link', { name: 'builds' }).click()
    await expect(page.getByRole('heading', { name: 'Deliveries to builds' })).toBeVisible()
    await api.models.setAlias.mutate({ project, model: 'digits', version: 2, alias: 'heard', idempotencyKey: key() })
    const delivered = page.getByRole('row').filter({ hasText: 'delivered' })
    await expect(delivered).toContainText('model_version_alias.created')
    const before = heard.length
    await delivered.getByRole('button', { name: /again/ }).click()
    await expect.poll(() => heard.length).toBeGreaterThan(before)
    await context.close()
    receiver.close()
  })
}

/** A sheet takes Enter a moment after it opened; its last button confirms. */
async function confirmByKeyboard(page: Page): Promise<void> {
  await page.waitForTimeout(350)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
}

/** MLflow's protocol as a client's training script speaks it. */
export function clientOf({ apiUrl, apiKey }: Ready) {
  const base = `${apiUrl}/projects/${project}/api/2.0`
  const authorization = `Bearer ${apiKey}`
  const send = async (path: string, init: RequestInit) => {
    const headers = { authorization, 'content-type': 'application/json' }
    const answer = await fetch(`${base}/${path}`, { ...init, headers })
    expect(answer.status, path).toBe(200)
    return answer
  }
  const post = async (path: string, body: object) =>
    (await send(`mlflow/${path}`, { method: 'POST', body: JSON.stringify(body) })).json()
  const get = async (path: string) => (await send(`mlflow/${path}`, {})).json()
  return {
    /** A finished run with these files and metrics; answers the folder that they lie in. */
    log: async (name: string, files: Record<string, string | Buffer>, metrics: Record<string, number> = {}) => {
      const { run } = await post('runs/create', { experiment_id: '0', run_name: name, start_time: Date.now() })
      const run_id: string = run.info.run_id
      for (const [metric, value] of Object.entries(metrics))
        await post('runs/log-metric', { run_id, key: metric, value, timestamp: Date.now(), step: 0 })
      for (const [path, bytes] of Object.entries(files)) {
        const body = new Uint8Array(Buffer.from(bytes))
        await send(`mlflow-artifacts/artifacts/0/${run_id}/artifacts/${path}`, { method: 'PUT', body })
      }
      await post('runs/update', { run_id, status: 'FINISHED', end_time: Date.now() })
      return { run_id, source: `mlflow-artifacts:/0/${run_id}/artifacts` }
    },
    /** A file of a registered version. */
    fileOf: async (name: string, version: number, path: string) => {
      const asked = new URLSearchParams({ name, version: String(version) })
      const { artifact_uri } = await get(`model-versions/get-download-uri?${asked}`)
      const folder = String(artifact_uri).replace('mlflow-artifacts:/', 'mlflow-artifacts/artifacts/')
      return Buffer.from(await (await send(`${folder}/${path}`, {})).arrayBuffer())
    },
    createModel: (model: object) => post('registered-models/create', model),
    createVersion: (version: object) => post('model-versions/create', version),
  }
}

/** As a client with a pickled model does. */
async function registerOpaque(ready: Ready): Promise<void> {
  const client = clientOf(ready)
  const { run_id, source } = await client.log(HOSTILE, {
    'model/MLmodel': `flavors:\n  sklearn: {}\n# ${HOSTILE}\n`,
    'model/model.pkl': '\u0080\u0004\0pickle',
  })
  await client.createModel({ name: OPAQUE, tags: [{ key: HOSTILE, value: HOSTILE }] })
  await client.createVersion({ name: OPAQUE, source: `${source}/model`, run_id, description: HOSTILE })
}
