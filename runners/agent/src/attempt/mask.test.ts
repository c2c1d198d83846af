import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maskSecret } from './mask.ts'

const secret = Buffer.from('mya_abab')

test('a secret is covered wherever it stands, and nothing else is', () => {
  const bytes = Buffer.from('a mya_abab b mya_ababmya_abab c')
  expect(maskSecret(bytes, secret, true)).toBe(31)
  expect(bytes.toString()).toBe('a ******** b **************** c')
})

test('an end that may be its beginning waits, and goes out when nothing follows', () => {
  expect(maskSecret(Buffer.from('so mya_ab'), secret, false)).toBe(3)
  expect(maskSecret(Buffer.from('so mya_ab'), secret, true)).toBe(9)
  expect(maskSecret(Buffer.from('so mya_abx'), secret, false)).toBe(10)
})

test('however a log is cut into parts, what goes out never holds the secret and keeps its length', () => {
  const piece = fc.constantFrom('mya_abab', 'mya_', 'ab', 'm', 'x ')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(9), { maxLength: 20 }), (pieces, growth) => {
      const whole = Buffer.from(pieces.join(''))
      const out: Buffer[] = []
      let next = 0
      let there = 0
      const ship = (isEnd: boolean) => {
        const part = Buffer.from(whole.subarray(next, there))
        const ready = maskSecret(part, secret, isEnd)
        out.push(part.subarray(0, ready))
        next += ready
      }
      for (const more of growth) {
        there = Math.min(whole.length, there + more)
        ship(false)
      }
      there = whole.length
      ship(true)
      const sent = Buffer.concat(out)
      expect(sent).toHaveLength(whole.length)
      expect(sent.toString()).toBe(whole.toString().replaceAll('mya_abab', '********'))
    }),
  )
})
