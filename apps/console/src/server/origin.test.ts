import { describe, expect, it } from 'vitest'
import { isSameOrigin } from './origin.ts'

const console = 'http://127.0.0.1:4600'
const from = (headers: Record<string, string>) => isSameOrigin(new Headers(headers), console)

describe('who may post to the console', () => {
  it('takes what the browser says is our own page', () => {
    expect(from({ 'sec-fetch-site': 'same-origin' })).toBe(true)
    expect(from({ origin: console })).toBe(true)
  })

  it.each<Record<string, string>>([
    { 'sec-fetch-site': 'cross-site', origin: console },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:4601' },
    {},
  ])('refuses %o', (headers) => {
    expect(from(headers)).toBe(false)
  })
})
