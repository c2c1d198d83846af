import { expect, test } from 'vitest'
import { serveFile } from './serve.ts'

const file = { path: 'model/MLmodel', sha256: 'abc', sizeBytes: 10, mediaType: 'text/plain' }
const ask = (range: string | null = null, ifNoneMatch: string | null = null) => ({ range, ifRange: null, ifNoneMatch })

test('a file is a download under its own name, that no browser runs', () => {
  expect(serveFile(file, ask())).toEqual({
    status: 200,
    send: 'whole',
    headers: {
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-cache',
      'content-disposition': 'attachment; filename=MLmodel',
      'content-length': '10',
      'content-security-policy': 'sandbox',
      'content-type': 'text/plain',
      etag: '"abc"',
      'x-content-type-options': 'nosniff',
    },
  })
})

test('a part says which of how many', () => {
  const { status, headers, send } = serveFile(file, ask('bytes=2-5'))
  expect([status, headers['content-range'], headers['content-length'], send]).toEqual([
    206,
    'bytes 2-5/10',
    '4',
    { start: 2, end: 5 },
  ])
  expect(serveFile(file, ask('bytes=10-'))).toMatchObject({
    status: 416,
    headers: { 'content-range': 'bytes */10' },
    send: 'nothing',
  })
  expect(serveFile(file, ask(null, '"abc"'))).toMatchObject({ status: 304, send: 'nothing' })
})

test.each([
  ['a b.txt', "attachment; filename*=UTF-8''a%20b.txt"],
  ['ü.png', "attachment; filename*=UTF-8''%C3%BC.png"],
  ['x";evil="(1).html', "attachment; filename*=UTF-8''x%22%3Bevil%3D%22%281%29.html"],
  ['a/b+c_1.bin', 'attachment; filename=b+c_1.bin'],
])('the name %s goes as %s', (path, disposition) => {
  expect(serveFile({ ...file, path }, ask()).headers['content-disposition']).toBe(disposition)
})
