import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gzipOfParts, packText, textOfParts } from './packed.ts'

const part = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'binary' }).map((text) => packText(text.repeat(50))),
  fc.constantFrom('', ',', 'ä'.repeat(70_000)),
)

test('whatever is joined is one gzip that says the same as its parts', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const text = textOfParts(parts)
      // Who unpacks also checks the sum and the length.
      expect(gunzipSync(gzipOfParts(parts)).equals(text)).toBe(true)
    }),
  )
})

test('a part says what was packed, and keeps no more than its own bytes', () => {
  const text = '{"key":"value"},'.repeat(500)
  const packed = packText(text)
  expect(textOfParts([packed]).toString()).toBe(text)
  expect(packed.length).toBe(text.length)
  expect(packed.bytes.length).toBeLessThan(text.length / 10)
  expect(packed.bytes.buffer.byteLength).toBe(packed.bytes.length)
})
