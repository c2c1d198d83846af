import { describe, expect, it } from 'vitest'
import { makeFormat, short } from './format.ts'

const english = makeFormat('en', 'UTC')
const chinese = makeFormat('zh-CN', 'Asia/Shanghai')

describe('how numbers are written', () => {
  it('writes unknown as a dash, and never as zero', () => {
    for (const text of [
      english.number(null),
      english.metric(undefined),
      english.percent(null),
      english.ms(null),
      english.p(null),
    ]) {
      expect(text).toBe('–')
    }
  })

  it('writes shares, traffic and sizes', () => {
    expect(english.percent(0.9034, 2)).toBe('90.34%')
    expect(english.bps(10_000)).toBe('100%')
    expect(english.bps(125)).toBe('1.25%')
    expect(english.bytes(1_234_567)).toBe('1.2MB')
    expect(english.bytes(0)).toBe('0B')
  })

  it('says how small a small p is', () => {
    expect(english.p(0.0421)).toBe('0.0421')
    expect(english.p(0.00004)).toBe('4.0e-5')
    expect(english.p(1e-12)).toBe('< 1e-6')
  })

  it('writes durations in two units at most', () => {
    expect(english.duration(12)).toBe('12ms')
    expect(english.duration(4_250)).toBe('4.3s')
    expect(english.duration(192_000)).toBe('3m 12s')
    expect(english.duration(3_780_000)).toBe('1h 3m')
  })

  it('shows the clock of the reader', () => {
    expect(english.clock('2026-11-21T03:04:05Z')).toBe('03:04:05')
    expect(chinese.clock('2026-11-21T03:04:05Z')).toBe('11:04:05')
  })

  it('shortens only what is long', () => {
    expect(short('abc')).toBe('abc')
    expect(short('0123456789abcdef', 8)).toBe('01234567')
  })
})
