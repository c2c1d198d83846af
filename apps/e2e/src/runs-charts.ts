import { type Browser, expect, type Page, test } from '@playwright/test'
import { PROJECT } from './api.ts'
import type { Told } from './runs-live.ts'
import { idOf, mlflowOf } from './runs-seed.ts'
import { openAs } from './visit.ts'

/** Curves of runs: along what, on which scale, how smooth, and what a link to them shows. */
export function chartTests(told: () => Told): void {
  const logCurves = async () => {
    const mlflow = mlflowOf(told().ready)
    const steps = Array.from({ length: 60 }, (_, step) => step)
    for (const [name, base] of [
      ['steep', 0.7],
      ['flat', 0.95],
    ] as const) {
      const hex = await mlflow.begin(name)
      const points = (key: string) => steps.map((step) => [key, step, base ** step] as [string, number, number])
      await mlflow.log(hex, {
        metrics: [...points('train/err'), ...points('val/err'), ['zeroed', 0, 0], ['zeroed', 1, 1]],
      })
      await mlflow.end(hex)
    }
  }

  test('curves along time, on a log scale and smoothed: kept in the address, for a run and for a comparison', async ({
    browser,
  }) => {
    await logCurves()
    const { api } = told()
    const [steep, flat] = [await idOf(api, 'steep'), await idOf(api, 'flat')]
    for (const path of [`/${PROJECT}/runs/${steep}`, `/${PROJECT}/compare?runs=${steep},${flat}&metric=train%2Ferr`]) {
      const { context, page, faults } = await openAs(browser, told())
      await page.goto(path, { waitUntil: 'networkidle' })
      await page.getByLabel('Along').selectOption('Time since start')
      await page.getByLabel('Log scale').check()
      await page.getByRole('slider', { name: 'Smoothing' }).fill('0.6')
      await expect(page).toHaveURL(/x=elapsed&y=log&smooth=0\.6/)
      await expectSmoothed(page)
      await expectTheSame(browser, page)
      expect(faults).toEqual([])
      await context.close()
    }
  })

  test('a pointer over one chart is a pointer over all of them', async ({ browser }) => {
    const { context, page } = await openAs(browser, told())
    await page.goto(`/${PROJECT}/runs/${await idOf(told().api, 'steep')}?y=log`, { waitUntil: 'networkidle' })
    const [hovered, other] = [page.getByRole('img', { name: /^err/ }), page.getByRole('img', { name: /^zeroed/ })]
    await expect(page.getByText('1 value is not above zero')).toBeVisible()
    const place = page.locator('figure').filter({ has: other }).locator('li').last()
    await expect(place).toHaveCSS('opacity', '0')
    await hovered.hover()
    await expect(place).toHaveCSS('opacity', '1')
    await context.close()
  })

  test('a stretch of an axis narrows the comparison, by mouse and without one', async ({ browser }) => {
    const { items } = await told().api.runs.rows.query({ project: PROJECT, sort: '-metrics.val_f1', limit: 12 })
    const { context, page, faults } = await openAs(browser, told())
    await page.goto(`/${PROJECT}/compare?runs=${items.map(({ id }) => id).join()}`, { waitUntil: 'networkidle' })
    const heads = page.getByRole('table', { name: 'Metrics' }).getByRole('columnheader')
    await expect(heads).toHaveCount(1 + 12)
    const picture = page.getByRole('img', { name: 'Parallel coordinates' })
    const axis = picture.locator('g').filter({ hasText: /^lr/ }).locator('rect').last()
    const box = (await axis.scrollIntoViewIfNeeded().then(() => axis.boundingBox())) ?? {
      x: 0,
      y: 0,
      width: 0,
      height: 0,
    }
    const x = box.x + box.width / 2
    await page.mouse.move(x, box.y + 1)
    await page.mouse.down()
    await page.mouse.move(x, box.y + box.height / 4, { steps: 4 })
    await page.mouse.up()
    await expect(page).toHaveURL(/brush=params\.lr/)
    const kept = page.getByRole('status').filter({ hasText: /of 12 runs lie within/ })
    const count = Number(/^\d+/.exec((await kept.textContent()) ?? '')?.[0])
    expect(count).toBeGreaterThan(0)
    expect(count).toBeLessThan(12)
    // With the baseline, wherever it lies.
    await expect.poll(async () => [count, count + 1].includes((await heads.count()) - 1)).toBe(true)
    await kept.getByRole('button', { name: 'Show all' }).click()
    await expect(heads).toHaveCount(1 + 12)
    await page.getByLabel('Axis to narrow').selectOption('val_f1')
    await page.getByRole('slider', { name: /^From/ }).fill('0.5')
    await expect(kept).toBeVisible()
    await page.getByRole('button', { name: 'Keep all along val_f1' }).click()
    await expect(heads).toHaveCount(1 + 12)
    expect(faults).toEqual([])
    await context.close()
  })

  /** Whoever opens the link sees what its sender saw. */
  async function expectTheSame(browser: Browser, page: Page): Promise<void> {
    const { context, page: other } = await openAs(browser, told())
    await other.goto(page.url(), { waitUntil: 'networkidle' })
    await expect(other.getByLabel('Along')).toHaveValue('elapsed')
    await expect(other.getByLabel('Log scale')).toBeChecked()
    await expectSmoothed(other)
    await context.close()
  }
}

/** The last of 0.7^step, and its smoothed value, which lags behind. */
async function expectSmoothed(page: Page): Promise<void> {
  const legend = page
    .locator('figure li')
    .filter({ hasText: /train\/err|steep/ })
    .first()
  await expect(legend).toContainText(/7\.\d+e-10\s*smoothed [1-9]\.\d+e-9/)
}
