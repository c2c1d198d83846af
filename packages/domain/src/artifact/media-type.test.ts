import { expect, test } from 'vitest'
import { mediaTypeOf } from './media-type.ts'

test.each([
  ['a.json', 'application/json'],
  ['deep.er/plot.PNG', 'image/png'],
  ['model/MLmodel', 'text/plain'],
  ['page.html', 'text/html'],
  ['notes.md', 'text/markdown'],
  ['model.pkl', 'application/octet-stream'],
  ['json/noextension', 'application/octet-stream'],
  ['__proto__', 'application/octet-stream'],
])('%s is %s', (path, type) => {
  expect(mediaTypeOf(path)).toBe(type)
})
