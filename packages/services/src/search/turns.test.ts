import { expect, test } from 'vitest'
import { takingTurns } from './turns.ts'

test('two at once, in the order they came, also when one fails', async () => {
  const inTurn = takingTurns(2)
  const done: number[] = []
  let [busy, most] = [0, 0]
  const work = (index: number) => async () => {
    most = Math.max(most, ++busy)
    await new Promise((resolve) => setImmediate(resolve))
    busy--
    done.push(index)
    if (index === 1) throw new Error('fault')
    return index
  }
  const settled = await Promise.allSettled([0, 1, 2, 3, 4].map((index) => inTurn(work(index))))
  expect(most).toBe(2)
  expect(done).toEqual([0, 1, 2, 3, 4])
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'])
  expect(await inTurn(work(5))).toBe(5)
})
