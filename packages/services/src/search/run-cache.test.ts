import { expect, test } from 'vitest'
import { packText } from './packed.ts'
import { createRunCache } from './run-cache.ts'

const text = packText('x')

test('a run is kept at one revision, the newest', () => {
  const cache = createRunCache({ maxBytes: 10_000 })
  expect(cache.get('a', 0)).toBeNull()
  cache.put('a', 1, text)
  expect([cache.get('a', 0), cache.get('a', 1), cache.get('a', 2)]).toEqual([null, text, null])
  const newer = packText('y')
  cache.put('a', 2, newer)
  expect([cache.get('a', 1), cache.get('a', 2)]).toEqual([null, newer])
  // Somebody who read before the change comes late.
  cache.put('a', 1, text)
  expect(cache.get('a', 2)).toBe(newer)
})

test('what was asked for longest ago falls out, by weight', () => {
  const weight = text.bytes.length + 400
  const cache = createRunCache({ maxBytes: 3 * weight })
  for (const id of ['a', 'b', 'c']) cache.put(id, 0, text)
  cache.get('a', 0)
  cache.put('d', 0, text)
  expect(['a', 'b', 'c', 'd'].filter((id) => cache.get(id, 0))).toEqual(['a', 'c', 'd'])
  for (let revision = 1; revision < 50; revision++) cache.put('d', revision, text)
  expect(['a', 'c'].filter((id) => cache.get(id, 0))).toEqual(['a', 'c'])
  // What is larger than everything is not kept, and takes nothing with it for ever.
  cache.put('e', 0, { ...text, bytes: Buffer.alloc(4 * weight) })
  expect(cache.get('e', 0)).toBeNull()
  cache.put('a', 0, text)
  expect(cache.get('a', 0)).toBe(text)
})
