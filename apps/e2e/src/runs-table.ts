import { type Browser, expect, type Page, test } from '@playwright/test'
import { PROJECT } from './api.ts'
import type { Told } from './runs-live.ts'
import { type Look, openAs } from './visit.ts'

/** The table of runs as a place to work in: a look beside it, and changes of many runs at once. */
export function tableTests(told: () => Told): void {
  const visit = async (browser: Browser, query: string, look: Look = {}) => {
    const opened = await openAs(browser, told(), look)
    await opened.page.goto(`/${PROJECT}/runs?q=${encodeURIComponent(query)}`, { waitUntil: 'networkidle' })
    return opened
  }
  const peek = (page: Page) => page.getByRole('complementary', { name: 'Run beside the table' })
  const names = (page: Page) => page.locator('[data-row] a[href]').allTextContents()

  test('a run is looked at beside the table, and the keys that move its rows move the look', async ({ browser }) => {
    const { page, context, faults } = await visit(browser, "attributes.run_name LIKE 'trial-0001%'")
    const [first = '', second = ''] = await names(page)
    await page.keyboard.press('j')
    await page.keyboard.press('Space')
    await expect(peek(page).getByRole('heading', { name: first })).toBeVisible()
    await expect(peek(page).getByText('val_f1')).toBeVisible()
    await page.keyboard.press('j')
    await expect(peek(page).getByRole('heading', { name: second })).toBeVisible()
    await expect(page).toHaveURL(/peek=run_/)
    await page.reload({ waitUntil: 'networkidle' })
    await expect(peek(page).getByRole('heading', { name: second })).toBeVisible()
    await page.keyboard.press('k')
    await expect(peek(page).getByRole('heading', { name: first })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(peek(page)).toBeHidden()
    expect(page.url()).not.toContain('peek=')
    expect(faults).toEqual([])
    await context.close()
  })

  test('on a phone the look is a drawer with its own way to the next run', async ({ browser }) => {
    const look = { width: 390, locale: 'zh-CN' } as const
    const { page, context } = await visit(browser, "attributes.run_name LIKE 'trial-0001%'", look)
    const [first = '', second = ''] = await names(page)
    const drawer = page.getByRole('complementary', { name: '表格旁的运行' })
    await page.getByRole('button', { name: `查看 ${first}` }).click()
    await expect(drawer.getByRole('heading', { name: first })).toBeVisible()
    await drawer.getByRole('button', { name: '下一个运行' }).click()
    await expect(drawer.getByRole('heading', { name: second })).toBeVisible()
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    expect(over).toBeLessThanOrEqual(0)
    await drawer.getByRole('button', { name: '关闭' }).click()
    await expect(drawer).toBeHidden()
    await context.close()
  })

  test('many runs are tagged, deleted and restored at once, with the keyboard to choose them', async ({ browser }) => {
    const { api } = told()
    const filter = "attributes.run_name LIKE 'trial-077%'"
    const count = async (more: { filter: string; shown?: 'deleted' }) =>
      (await api.runs.count.query({ project: PROJECT, ...more })).total
    const { page, context, faults } = await visit(browser, filter)
    const chooseAll = async () => {
      await page.keyboard.press('j')
      await page.keyboard.press('x')
      await page.getByRole('button', { name: 'Select all 100' }).click()
      await expect(page.getByText('100 selected; 20 at most are compared')).toBeVisible()
    }
    const sheet = page.getByRole('dialog')
    await chooseAll()
    await page.getByRole('button', { name: 'Tag…' }).click()
    await sheet.getByLabel('Key').fill('reviewed')
    await sheet.getByLabel('Value').fill('yes')
    // A sheet takes no press in its first moments: the one that opened it may still be held.
    await page.waitForTimeout(400)
    await sheet.getByRole('button', { name: 'Set a tag' }).click()
    await expect(page.getByText('100 runs tagged')).toBeVisible()
    expect(await count({ filter: "tags.reviewed = 'yes'" })).toBe(100)

    await chooseAll()
    await page.getByRole('button', { name: 'Delete…' }).click()
    await expect(sheet.getByRole('heading')).toHaveText('Delete 100 runs?')
    await expect(sheet.getByRole('list', { name: 'Runs by state' })).toContainText(
      /Finished: 60.*Failed: 20.*Killed: 20/,
    )
    await page.waitForTimeout(400)
    await sheet.getByRole('button', { name: 'Delete' }).click()
    await expect(page.getByText('No run matches.')).toBeVisible()
    expect(await count({ filter, shown: 'deleted' })).toBe(100)

    await page.getByLabel('Which runs').selectOption('Deleted')
    // Keys are the page's own again once no field has the focus.
    await page.getByLabel('Which runs').blur()
    await expect(page.locator('[data-row]').first()).toContainText('trial-077')
    await chooseAll()
    await page.getByRole('button', { name: 'Restore…' }).click()
    await page.waitForTimeout(400)
    await sheet.getByRole('button', { name: 'Restore' }).click()
    await expect(page.getByText('100 runs restored')).toBeVisible()
    expect(await count({ filter })).toBe(100)
    expect(faults).toEqual([])
    await context.close()
  })
}
