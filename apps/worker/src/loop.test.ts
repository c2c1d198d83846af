import { createMetrics } from '@modelyard/telemetry'
import { afterEach, describe, expect, it } from 'vitest'
import { type Running, startLoop } from './loop.ts'

const metrics = createMetrics('worker', { runtime: false })
const said: string[] = []
const say = (_: object, message: string) => void said.push(message)
const tools = { metrics, log: { info: say, warn: say, error: say }, unit: () => 0.5 }
const started: Running[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((loop) => loop.stop()))
  said.length = 0
})

function begin(name: string, everyMs: number, run: () => Promise<void>): Running {
  const running = startLoop({ name, everyMs, run }, null, tools)
  started.push(running)
  return running
}
async function until(done: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !done(); tries++) await new Promise((resolve) => setTimeout(resolve, 2))
  expect(done()).toBe(true)
}
const gate = () => {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

describe('a loop', () => {
  it('runs at once, then by its period, and never over itself', async () => {
    let inside = 0
    let most = 0
    let runs = 0
    const loop = begin('steady', 2, async () => {
      most = Math.max(most, ++inside)
      await new Promise((resolve) => setTimeout(resolve, 5))
      inside--
      runs++
      loop.kick()
      loop.kick()
    })
    await until(() => runs >= 5)
    expect(most).toBe(1)
  })

  it('makes one more run of any number of kicks during a run', async () => {
    const first = gate()
    let runs = 0
    const loop = begin('kicked', 60_000, async () => {
      if (++runs === 1) await first.opened
    })
    await until(() => runs === 1)
    for (let index = 0; index < 10; index++) loop.kick()
    first.open()
    await until(() => runs === 2)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(runs).toBe(2)
    loop.kick()
    await until(() => runs === 3)
  })

  it('goes on after failures, and says once that they begin and that they end', async () => {
    let runs = 0
    begin('failing', 1, async () => {
      if (++runs <= 3) throw new Error('not yet')
    })
    await until(() => runs >= 6)
    expect(said).toEqual(['a loop failed; it goes on trying', 'a loop works again'])
    const text = await metrics.registry.metrics()
    expect(text).toMatch(/sweep_duration_seconds_count\{sweep="failing",outcome="failed"\} 3/)
    expect(text).toMatch(/sweep_finished_timestamp_seconds\{sweep="failing"\} \d+/)
  })

  it('stops after the run it is in, whoever kicks', async () => {
    const held = gate()
    let runs = 0
    const loop = begin('stopped', 1, async () => {
      runs++
      await held.opened
    })
    await until(() => runs === 1)
    loop.kick()
    let stopped = false
    const stopping = loop.stop().then(() => {
      stopped = true
    })
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(stopped).toBe(false)
    held.open()
    await stopping
    loop.kick()
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(runs).toBe(1)
  })
})
