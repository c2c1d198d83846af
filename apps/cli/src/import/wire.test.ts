import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { get, pages, Refused, type Server, urlOf } from './wire.ts'

let http: HttpServer | null = null
afterEach(() => {
  http?.close()
  http?.closeAllConnections()
})

/** A server that gives these answers, one after the other. */
async function serving(answers: { status: number; body: string }[]): Promise<Server & { asked: string[] }> {
  const asked: string[] = []
  http = createServer((request, response) => {
    asked.push(request.url ?? '')
    const { status, body } = answers.shift() ?? { status: 500, body: '' }
    response.writeHead(status).end(body)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => http?.once('listening', resolve))
  return { base: `http://127.0.0.1:${(http.address() as AddressInfo).port}/at`, headers: {}, asked }
}

test('a server that is busy is asked again, one that says no is not', async () => {
  const no = { status: 400, body: '{"error_code":"INVALID_PARAMETER_VALUE","message":"what?"}' }
  const server = await serving([{ status: 503, body: 'later' }, { status: 200, body: '{"a":1}' }, no])
  expect(await get(server, '/x')).toEqual({ a: 1 })
  const refused = await get(server, '/x').catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(Refused)
  expect(refused).toMatchObject({ status: 400, code: 'INVALID_PARAMETER_VALUE', message: '/at/x: what?' })
  expect(server.asked).toHaveLength(3)
})

test('a server that sends its clients elsewhere is not followed', async () => {
  const asked: string[] = []
  http = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(307, { location: '/inside?token=secret' }).end()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => http?.once('listening', resolve))
  const base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const refused = await get({ base, headers: { authorization: 'Bearer key' } }, '/x').catch((error: unknown) => error)
  expect(refused).toMatchObject({
    code: 'REDIRECT',
    status: 307,
    message: `/x: it sends its clients to ${base}; name that address`,
  })
  expect(asked).toEqual(['/x'])
})

test('pages are read to the last', async () => {
  const server = await serving([
    { status: 200, body: '{"rows":[1],"next_page_token":"n/1"}' },
    { status: 200, body: '{"rows":[2],"next_page_token":""}' },
  ])
  const rows: number[] = []
  const read = (token: string | undefined) =>
    get<{ rows: number[]; next_page_token?: string }>(server, '/x', { token, many: ['a', 'b'] })
  for await (const page of pages(read)) rows.push(...page.rows)
  expect(rows).toEqual([1, 2])
  expect(server.asked).toEqual(['/at/x?many=a&many=b', '/at/x?token=n%2F1&many=a&many=b'])
})

test('an address keeps what stands in a path as it is', () => {
  expect(urlOf({ base: 'http://a/b', headers: {} }, '/c', { path: 'ü x/y' })).toBe('http://a/b/c?path=%C3%BC+x%2Fy')
})
