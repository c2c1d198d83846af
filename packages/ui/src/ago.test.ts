import { describe, expect, it } from 'vitest'
import { distance } from './ago.tsx'

const now = Date.parse('2026-11-21T12:00:00Z')

describe('how long ago', () => {
  it.each([
    [0, 'now'],
    [59_000, '59s ago'],
    [60_000, '1m ago'],
    [119_000, '1m ago'],
    [3_600_000, '1h ago'],
    [26 * 3_600_000, 'yesterday'],
    [72 * 3_600_000, '3d ago'],
  ])('%i ms is %s', (ms, text) => {
    expect(distance(now - ms, now, 'en')).toBe(text)
  })

  it('looks ahead as well, and speaks the reader’s language', () => {
    expect(distance(now + 300_000, now, 'en')).toBe('in 5m')
    expect(distance(now - 300_000, now, 'zh-CN')).toBe('5分钟前')
  })
})
