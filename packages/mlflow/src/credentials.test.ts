import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { readCredentials } from './credentials.ts'

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

test.each([
  ['Bearer my_key', { token: 'my_key', login: null }],
  ['bearer my_key', { token: 'my_key', login: null }],
  [basic('digits:my_key'), { token: 'my_key', login: 'digits' }],
  [basic(':my_key'), { token: 'my_key', login: '' }],
  [basic('a:b:c'), { token: 'b:c', login: 'a' }],
  [basic('my_key'), { token: null, login: null }],
  [null, { token: null, login: null }],
  ['', { token: null, login: null }],
  ['Bearer', { token: null, login: null }],
  ['Bearer a b', { token: null, login: null }],
  ['Digest x', { token: null, login: null }],
  [`Bearer ${'x'.repeat(1001)}`, { token: null, login: null }],
])('%s', (header, said) => {
  expect(readCredentials(header)).toEqual(said)
})
