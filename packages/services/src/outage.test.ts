import { Refusal } from '@modelyard/domain'
import { expect, test } from 'vitest'
import { refusalFor } from './outage.ts'

const failed = (message: string, code?: string) =>
  new Error('Failed query', { cause: Object.assign(new Error(message), code === undefined ? {} : { code }) })

test('a refusal is told as it is', () => {
  const refusal = new Refusal('invalid', 'no')
  expect(refusalFor(refusal)).toBe(refusal)
})

test.each([
  [failed('connect', 'ECONNREFUSED'), 'unavailable'],
  [failed('terminating connection', '57P01'), 'unavailable'],
  [failed('connection failure', '08006'), 'unavailable'],
  [failed('too many clients', '53300'), 'unavailable'],
  [failed('Connection terminated due to connection timeout'), 'unavailable'],
  [failed('timeout exceeded when trying to connect'), 'unavailable'],
  [failed('could not extend file', '53100'), 'storage_full'],
  [Object.assign(new Error('write'), { code: 'ENOSPC' }), 'storage_full'],
])('%o is an outage, whose cause the log can tell', (error, code) => {
  expect(refusalFor(error)).toMatchObject({ code, retryable: true, cause: error })
})

test.each([failed('duplicate key', '23505'), failed('division by zero', '22012'), new Error('a bug'), null])(
  '%o is a fault of ours',
  (error) => {
    expect(refusalFor(error)).toBeNull()
  },
)
