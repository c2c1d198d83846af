import { describe, expect, it } from 'vitest'
import { isRefusal, isRefusalCode, REFUSALS, Refusal, type RefusalCode, refuse } from './refusal.ts'

describe('Refusal', () => {
  it('carries code, field and details, and nothing undefined in JSON', () => {
    const refusal = new Refusal('invalid', 'the seed must be whole', { field: 'seed', details: { got: 1.5 } })
    expect(refusal.toJSON()).toEqual({
      code: 'invalid',
      message: 'the seed must be whole',
      field: 'seed',
      details: { got: 1.5 },
    })
    expect(Object.keys(new Refusal('busy', 'later').toJSON())).toEqual(['code', 'message'])
  })

  it('keeps its cause for the log and out of the answer', () => {
    const cause = new Error('socket')
    const refusal = new Refusal('unavailable', 'the store does not answer', { cause })
    expect(refusal.cause).toBe(cause)
    expect(JSON.stringify(refusal)).not.toContain('socket')
    expect(refusal.retryable).toBe(true)
  })

  it('is recognised across copies of the class, and other errors are not', () => {
    const copy = Object.assign(new Error('x'), { name: 'Refusal', code: 'stale' })
    expect(isRefusal(copy)).toBe(true)
    expect(isRefusal(Object.assign(new Error('x'), { name: 'Refusal', code: 'toString' }))).toBe(false)
    expect(isRefusal(new Error('x'))).toBe(false)
    expect(isRefusalCode('constructor')).toBe(false)
    expect(() => refuse('gap', 'bytes are missing')).toThrow(Refusal)
  })

  it('describes every code in a sentence', () => {
    for (const code of Object.keys(REFUSALS) as RefusalCode[]) {
      expect(code).toMatch(/^[a-z_]+$/)
      expect(REFUSALS[code].meaning).toMatch(/^[A-Z].*\.$/)
    }
  })
})
