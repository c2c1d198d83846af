import { type Browser, expect, type Page, test } from '@playwright/test'
import { PROJECT as project } from './api.ts'
import { clientOf, HOSTILE, type Told } from './registry.ts'
import type { Ready } from './stack.ts'
import { type Look, openAs, type State, signIn } from './visit.ts'

const REVIEWER = { email: 'second-reviewer@modelyard.local', password: 'a password of their own' }
let keys = 0
const key = () => `evaluation-${Date.now()}-${++keys}`

/** What a client brought, from its registration to the first answer it gives; on what the story left. */
export function evaluationTests(told: () => Told): void {
  const visit = async (browser: Browser, path: string, look: Look & { as?: State } = {}) => {
    const { ready, state } = told()
    const opened = await openAs(browser, { ready, state: look.as ?? state }, look)
    await opened.page.goto(path, { waitUntil: 'networkidle' })
    return opened
  }

  test("a client's model is evaluated here, approved by somebody else, and answers", async ({ browser }) => {
    const { api, ready } = told()
    await clientOf(ready).createModel({ name: 'brought' })
    await bring(ready, 'brought')
    const { page, context, faults } = await visit(browser, `/${project}/models/brought/v/1`)
    await expect(gate(page, 'kpi:accuracy')).toContainText('Unknown')
    await expect(gate(page, 'leakage')).toContainText('Unknown')
    // Held while the page is looked at: the worker is done with so small a model in a second.
    process.kill(ready.pids.worker ?? 0, 'SIGSTOP')
    await evaluate(page, 'digits v1')
    process.kill(ready.pids.worker ?? 0, 'SIGCONT')
    // Judged by the evaluation made here, without a reload.
    await expect(gate(page, 'kpi:accuracy')).toContainText('Pass', { timeout: 60_000 })
    await expect(gate(page, 'kpi:p95_latency_ms')).toContainText('Pass')
    await expect(gate(page, 'leakage')).toContainText('Pass')
    await expect(page.getByText('Being evaluated')).toBeHidden()
    await looksIntoIt(page)
    await page.getByRole('button', { name: 'Request approval' }).click()
    await confirm(page, 'Request approval')
    await expect(page.getByText('Waiting for a decision').first()).toBeVisible()
    // Whoever brought it may be an administrator: it takes another person all the same.
    await page.getByRole('button', { name: 'Approve', exact: true }).click()
    await confirm(page, 'Approve')
    await expect(page.getByRole('dialog').getByRole('alert')).toContainText('another person')
    await page.keyboard.press('Escape')
    await approveAsAnother(browser, `/${project}/models/brought/v/1`)
    await expect(page.getByText('Approved', { exact: true }).first()).toBeVisible()
    const { id: modelVersionId, stage } = await api.models.get.query({ project, model: 'brought', version: 1 })
    expect(stage).toBe('approved')
    await api.endpoints.create.mutate({ project, name: 'scanned', modelVersionId, idempotencyKey: key() })
    await expect.poll(() => statusOfPrediction(ready), { timeout: 60_000 }).toBe(200)
    // The browser says of the refusal above that it was one.
    expect(faults.filter((fault) => !fault.includes('403'))).toEqual([])
    await context.close()
  })

  async function approveAsAnother(browser: Browser, path: string): Promise<void> {
    const { api, ready } = told()
    const person = { name: 'Second reviewer', role: 'deployer' as const, ...REVIEWER }
    await api.account.addMember.mutate({ project, ...person, idempotencyKey: key() })
    const { email: adminEmail, password: adminPassword } = REVIEWER
    const state = await signIn(browser, { ...ready, adminEmail, adminPassword })
    const { page, context } = await visit(browser, path, { as: state })
    await page.getByRole('button', { name: 'Approve', exact: true }).click()
    await confirm(page, 'Approve')
    await expect(page.getByRole('dialog')).toBeHidden()
    await context.close()
  }

  test('by keyboard alone, and on rows that contradict it the gates fail and hold it back', async ({ browser }) => {
    await bring(told().ready, 'brought')
    const { page, context } = await visit(browser, `/${project}/models/brought/v/2`)
    await page.getByRole('button', { name: 'Evaluate', exact: true }).focus()
    await page.keyboard.press('Enter')
    await expect(page.getByLabel('Dataset', { exact: true })).toBeFocused()
    // In the story's second delivery every 3 was read as an 8.
    await page.keyboard.type('digits v2')
    await page.waitForTimeout(350)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect(gate(page, 'kpi:accuracy')).toContainText('Fail', { timeout: 60_000 })
    await page.getByRole('button', { name: 'Request approval' }).click()
    await confirm(page, 'Request approval')
    await expect(page.getByRole('dialog').getByRole('alert')).toContainText('kpi:accuracy')
    await context.close()
  })

  test('in Chinese the gates say why in Chinese, and so does what refuses', async ({ browser }) => {
    const { page, context } = await visit(browser, `/${project}/models/brought/v/2`, { locale: 'zh-CN' })
    await expect(gate(page, 'kpi:accuracy')).toContainText('实测')
    await expect(gate(page, 'leakage')).toContainText('未发现问题')
    await page.getByRole('button', { name: '申请批准' }).click()
    await confirm(page, '申请批准')
    await expect(page.getByRole('dialog').getByRole('alert')).toHaveText(/brought\S* v2 未通过门禁：kpi:accuracy/)
    await context.close()
  })

  test('a gate that failed is waived by another person, with a reason that stands on page and card', async ({
    browser,
  }) => {
    const path = `/${project}/models/brought/v/2`
    const own = await visit(browser, path)
    await waive(own.page, 'Mine to say')
    await expect(own.page.getByRole('dialog').getByRole('alert')).toContainText('another person')
    await own.context.close()
    const { email: adminEmail, password: adminPassword } = REVIEWER
    const as = await signIn(browser, { ...told().ready, adminEmail, adminPassword })
    const { page, context, faults } = await visit(browser, path, { as, width: 390, colorScheme: 'dark' })
    await waive(page, `The second delivery is mislabelled ${HOSTILE}`)
    await expect(page.getByRole('dialog')).toBeHidden()
    await expect(gate(page, 'kpi:accuracy')).toContainText('Waived by Second reviewer')
    await expect(gate(page, 'kpi:accuracy').getByText(HOSTILE).filter({ visible: true })).toBeVisible()
    await page.goto(`${path}/card`)
    await expect(page.getByText(/kpi:accuracy did not pass and was waived by Second reviewer/)).toBeVisible()
    expect(faults).toEqual([])
    await context.close()
  })
}

const gate = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name })

async function waive(page: Page, reason: string): Promise<void> {
  await page.getByRole('button', { name: 'Waive kpi:accuracy' }).filter({ visible: true }).click()
  await page.getByLabel('Reason').fill(reason)
  await confirm(page, 'Waive')
}

async function evaluate(page: Page, dataset: string): Promise<void> {
  await page.getByRole('button', { name: 'Evaluate', exact: true }).click()
  await page.getByLabel('Dataset', { exact: true }).selectOption({ label: dataset })
  await confirm(page, 'Evaluate')
  await expect(page.getByRole('status').filter({ hasText: `Being evaluated on ${dataset}` })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Evaluating…' })).toBeDisabled()
}

/** The evaluation's own page, where every picture is also a table. */
async function looksIntoIt(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Curves, calibration and slices' }).click()
  await expect(page.getByRole('table', { name: 'Per class' })).toBeVisible()
  await expect(page.getByRole('img', { name: /^ROC.* Mean area under the curve 0\.9\d\d/ })).toBeVisible()
  await expect(page.getByRole('img', { name: /^Precision and recall/ })).toBeVisible()
  await expect(page.getByRole('img', { name: /^Calibration.* differ by \d/ })).toBeVisible()
  await expect(page.getByRole('table', { name: 'Weakest slices' }).getByRole('row')).toHaveCount(1 + 10)
  await page.getByText('View as table').first().click()
  await expect(page.getByRole('table', { name: /^ROC/ }).getByRole('row')).toHaveCount(1 + 11)
  await page.getByRole('link', { name: 'Overview' }).click()
}

/** A sheet takes no press in its first moments: the one that opened it may still be held. */
async function confirm(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(400)
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).click()
}

/** A client logs and registers the file that the story's first job made; nothing says which data it comes from. */
async function bring(ready: Ready, name: string): Promise<void> {
  const client = clientOf(ready)
  const onnx = await client.fileOf('digits', 1, 'model.onnx')
  const { run_id, source } = await client.log(`brings ${name}`, { 'model/model.onnx': onnx }, { accuracy: 0.999 })
  await client.createVersion({ name, source: `${source}/model`, run_id })
}

async function statusOfPrediction({ gatewayUrl, apiKey }: Ready): Promise<number> {
  const answer = await fetch(`${gatewayUrl}/${project}/scanned/predict`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ instances: [Array(64).fill(0)] }),
  })
  return answer.status
}
