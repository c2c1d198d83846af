import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPace } from './pace.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('work at a pace', () => {
  it('begins at once, and does what came in the gap once after it', async () => {
    const doneAt: number[] = []
    const began = performance.now()
    const pace = createPace(400, async () => void doneAt.push(performance.now() - began))
    pace.ask()
    await vi.advanceTimersByTimeAsync(100)
    pace.ask()
    pace.ask()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(doneAt).toEqual([0, 400])
  })

  it('never works twice at a time, and loses nothing that was asked while it worked', async () => {
    let atOnce = 0
    let most = 0
    let times = 0
    const pace = createPace(100, async () => {
      most = Math.max(most, ++atOnce)
      await new Promise((resolve) => setTimeout(resolve, 300))
      atOnce--
      times++
    })
    pace.ask()
    await vi.advanceTimersByTimeAsync(150)
    pace.ask()
    await vi.advanceTimersByTimeAsync(2_000)
    expect({ most, times }).toEqual({ most: 1, times: 2 })
  })

  it('goes on after work that failed, and not after it was stopped', async () => {
    let times = 0
    const pace = createPace(100, async () => {
      times++
      throw new Error('the network is away')
    })
    pace.ask()
    await vi.advanceTimersByTimeAsync(200)
    pace.ask()
    pace.stop()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(times).toBe(1)
  })
})
