import { expect, test } from 'vitest'
import { countOften } from './often.ts'

const ask = (isOften: (text: string) => boolean, texts: string[]) => texts.map((text) => (isOften(text) ? text : '-'))

test('a text is often from its third time on, and for ever', () => {
  const isOften = countOften({ texts: 2, characters: 9, times: 3 })
  expect(ask(isOften, ['a', 'b', 'a', 'a', 'b', 'b', 'a']).join('')).toBe('---a-ba')
})

test('there are so many and no more, and none that is too long', () => {
  const isOften = countOften({ texts: 2, characters: 3, times: 1 })
  expect(ask(isOften, ['long', 'a', 'b', 'c', 'c', 'a', 'long'])).toEqual(['-', 'a', 'b', '-', '-', 'a', '-'])
})

test('of what is asked for once, the latest are remembered', () => {
  const isOften = countOften({ texts: 9, characters: 9, times: 2 })
  const others = Array.from({ length: 500 }, (_, index) => `n${index}`)
  expect(ask(isOften, ['a', ...others, 'a', 'n499'])).toEqual([...Array(502).fill('-'), 'n499'])
})
