import { describe, expect, it } from 'vitest'
import { named, refuseSaid, say, sayAll } from './reason.ts'
import { Refusal } from './refusal.ts'

describe('reasons', () => {
  it('are one sentence and its code with arguments, which may look like a place themselves', () => {
    expect(say('input_changed', { name: '{to}', from: 'float32', to: 'float64' })).toEqual({
      detail: 'input {to} changed from float32 to float64',
      reason: { code: 'input_changed', args: { name: '{to}', from: 'float32', to: 'float64' } },
    })
  })

  it('name five and count the rest', () => {
    expect(say('missing_in', named(['a', 'b'])).detail).toBe('too much missing in a, b')
    const many = say('missing_in', named([...'abcdefg']))
    expect(many.detail).toBe('too much missing in a, b, c, d, e and 2 more')
    expect(many.reason.args).toEqual({ names: 'a, b, c, d, e', more: 2 })
    const six = [...'uvwxyz'].map((name) => say('input_new', { name }))
    expect(sayAll('signature_differs', six).reason).toMatchObject({ args: { more: 1 }, because: { length: 5 } })
  })

  it('go with a refusal beside its other details', () => {
    const refused = () => refuseSaid('blocked', say('self_approval', {}), { field: 'x', details: { gates: ['a'] } })
    expect(refused).toThrow(Refusal)
    expect(refused).toThrow(
      expect.objectContaining({ field: 'x', details: { gates: ['a'], reason: expect.anything() } }),
    )
  })
})
