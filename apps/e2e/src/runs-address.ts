import { type Browser, expect, test } from '@playwright/test'
import { PROJECT } from './api.ts'
import type { Told } from './runs-live.ts'
import { type Look, openAs } from './visit.ts'

/** What pages of runs keep in their address, however fast it is changed. */
export function addressTests(told: () => Told): void {
  const visit = async (browser: Browser, path: string, look: Look = {}) => {
    const opened = await openAs(browser, told(), look)
    await opened.page.goto(path, { waitUntil: 'networkidle' })
    return opened
  }

  test('two changes of a comparison in one breath are both kept', async ({ browser }) => {
    const { items } = await told().api.runs.rows.query({ project: PROJECT, sort: '-metrics.val_f1', limit: 3 })
    const { page, context } = await visit(browser, `/${PROJECT}/compare?runs=${items.map(({ id }) => id).join()}`)
    const baseline = page.getByLabel('Baseline').nth(1)
    const only = page.getByLabel('Only differences')
    // In one task of the browser: no router draws anything between the two.
    await baseline.evaluate((radio: HTMLElement) => {
      const boxes = Array.from(document.querySelectorAll<HTMLElement>('input[type=checkbox]'))
      radio.click()
      boxes.find((box) => box.closest('label')?.textContent === 'Only differences')?.click()
    })
    await expect(only).not.toBeChecked()
    await expect(baseline).toBeChecked()
    await expect(page).toHaveURL(new RegExp(`base=${items[1]?.id}`))
    await expect(page).toHaveURL(/all=1/)
    await context.close()
  })

  test('a filter and an order in one breath are both kept', async ({ browser }) => {
    const { page, context } = await visit(browser, `/${PROJECT}/ledger`)
    const filter = page.getByRole('searchbox').first()
    await filter.evaluate((field: HTMLInputElement) => {
      const order = document.querySelector<HTMLElement>('th button')
      // As React hears of a key: the property that it watches is passed by.
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, 'project')
      field.dispatchEvent(new Event('input', { bubbles: true }))
      order?.click()
    })
    await expect(filter).toHaveValue('project')
    await expect(page).toHaveURL(/q=project&sort=/)
    await context.close()
  })
}
