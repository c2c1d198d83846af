import { setTimeout as sleep } from 'node:timers/promises'
import { expect, type Page, test } from '@playwright/test'
import { type Api, PROJECT } from './api.ts'
import { idOf, mlflowOf } from './runs-seed.ts'
import type { Ready } from './stack.ts'
import { openAs, type State } from './visit.ts'

export type Told = { api: Api; ready: Ready; state: State }

const SAMPLES = 30
/** What a person who watches a run is promised, from the answer to log-batch to the pixel. */
const MOST_MS = 1_000

type Drawn = { at: number; value: number }

/** From the answer to the pixel, `SAMPLES` times at moments of no rhythm. */
export function liveTests(told: () => Told): void {
  test('a logged point is on the page of its run within a second', async ({ browser }) => {
    const { api, ready } = told()
    const { context, page } = await openAs(browser, told())
    const mlflow = mlflowOf(ready)
    const hex = await mlflow.begin('watched')
    const log = (step: number) => mlflow.log(hex, { metrics: [['clock', step, step]] })
    await log(0)
    await log(1)
    await page.addInitScript(watchCharts)
    await page.goto(`/${PROJECT}/runs/${await idOf(api, 'watched')}`, { waitUntil: 'networkidle' })
    await expect(page.getByRole('img', { name: /last 1$/ })).toBeVisible()
    const answered = await logAtMoments(log)
    await expect(page.getByRole('img', { name: new RegExp(`last ${SAMPLES + 1}$`) })).toBeVisible()
    await expectWithinASecond('chart of a run', answered, await drawnIn(page))
    await mlflow.end(hex)
    await expect(page.getByText('Finished').first()).toBeVisible()
    await context.close()
  })

  test('a frame drawn in a chart is read in detail', async ({ browser }) => {
    const { api } = told()
    const { context, page } = await openAs(browser, told())
    await page.goto(`/${PROJECT}/runs/${await idOf(api, 'watched')}`, { waitUntil: 'networkidle' })
    const chart = page.getByRole('img', { name: /^clock/ })
    await chart.dragTo(chart, { sourcePosition: { x: 120, y: 60 }, targetPosition: { x: 260, y: 60 } })
    await page.getByRole('button', { name: 'Show all steps' }).click()
    await expect(page.getByRole('button', { name: 'Show all steps' })).toBeHidden()
    await context.close()
  })

  test('a logged value is in the table of runs within a second', async ({ browser }) => {
    const { ready } = told()
    const { context, page } = await openAs(browser, told())
    const mlflow = mlflowOf(ready)
    const hex = await mlflow.begin('watched in the table')
    const log = (step: number) => mlflow.log(hex, { metrics: [['clock', step, step]] })
    await log(1)
    await page.addInitScript(watchCells)
    const filter = encodeURIComponent("attributes.run_name = 'watched in the table'")
    await page.goto(`/${PROJECT}/runs?q=${filter}&col=metrics.clock`, { waitUntil: 'networkidle' })
    const cell = page.locator('[data-row]').first().locator('td').last()
    await expect(cell).toHaveText('1')
    const answered = await logAtMoments(log)
    await expect(cell).toHaveText(String(SAMPLES + 1))
    await expectWithinASecond('table of runs', answered, await drawnIn(page))
    await context.close()
  })
}

/** When the server had answered for each value, by the clock of this machine, which the browser shares. */
async function logAtMoments(log: (step: number) => Promise<unknown>): Promise<Drawn[]> {
  const answered: Drawn[] = []
  for (let value = 2; value < SAMPLES + 2; value++) {
    // From in the middle of a gap between two readings to long after it.
    await sleep(50 + Math.random() * 1_200)
    await log(value)
    answered.push({ at: Date.now(), value })
  }
  return answered
}

const drawnIn = (page: Page) => page.evaluate(() => (window as unknown as { drawn: Drawn[] }).drawn)

async function expectWithinASecond(what: string, answered: Drawn[], drawn: Drawn[]): Promise<void> {
  // A frame that shows a later value has shown this one too.
  const waits = answered
    .map(({ at, value }) => (drawn.find((frame) => frame.value >= value)?.at ?? Number.POSITIVE_INFINITY) - at)
    .toSorted((a, b) => a - b)
  const at = (share: number) => waits[Math.min(waits.length - 1, Math.floor(share * waits.length))]
  console.log(`${what}, ms from the answer to the pixel:`, {
    ...{ samples: waits.length, median: at(0.5), p90: at(0.9), worst: at(1) },
  })
  // Not the worst: whatever else the machine does would decide that.
  expect(at(0.5)).toBeLessThan(MOST_MS)
}

/** In the page: the value that its chart is named by, each time it is drawn, at the frame that brings it to the screen. */
function watchCharts(): void {
  const drawn: Drawn[] = []
  Object.assign(window, { drawn })
  const { prototype } = CanvasRenderingContext2D
  type Clear = (this: CanvasRenderingContext2D, ...box: [number, number, number, number]) => void
  const clear = Object.getOwnPropertyDescriptor(prototype, 'clearRect')?.value as Clear
  prototype.clearRect = function (...box) {
    const name = this.canvas.closest('[role=img]')?.getAttribute('aria-label')
    const value = Number(/last ([\d.]+)$/.exec(name ?? '')?.[1])
    requestAnimationFrame(() => drawn.push({ at: Date.now(), value }))
    clear.apply(this, box)
  }
}

/** The same of the last cell of the first row. */
function watchCells(): void {
  const drawn: Drawn[] = []
  Object.assign(window, { drawn })
  const look = () => {
    const value = Number(document.querySelector('[data-row] td:last-child')?.textContent ?? 'NaN')
    if (drawn.at(-1)?.value !== value) drawn.push({ at: Date.now(), value })
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}
