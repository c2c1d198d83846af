import { describe, expect, it } from 'vitest'
import { safeNext } from './links.ts'

describe('where sign-in leads', () => {
  it.each(['/digits/now', '/r/ep_1?alert=alt_2', '/a/x'])('goes back to %s', (path) => {
    expect(safeNext(path)).toBe(path)
  })

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '',
    'digits',
    null,
    undefined,
  ])('never leaves the console: %s', (path) => {
    expect(safeNext(path)).toBe('/')
  })

  it('folds dots away before it decides', () => {
    expect(safeNext('/a/../../b')).toBe('/b')
  })
})
