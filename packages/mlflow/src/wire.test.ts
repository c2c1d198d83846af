import { Buffer } from 'node:buffer'
import { gunzipSync } from 'node:zlib'
import { refuse } from '@modelyard/domain'
import type { Ctx } from '@modelyard/services'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { boolean, double, int64, optional, pageSize, repeated, required, text } from './fields.ts'
import { createMlflowHandler } from './handler.ts'
import { JsonText } from './json.ts'
import { pageTokenOf, writePageToken } from './page-token.ts'
import { createRouter } from './router.ts'
import { wireTo } from './testing/wire.ts'

const echo = endpoint({
  methods: ['GET', 'POST'],
  path: '/echo',
  input: z.object({
    name: optional(text(20)),
    step: optional(int64),
    value: optional(double),
    ids: repeated(text(20)),
    deep: optional(boolean),
    items: repeated(z.object({ key: required(text(5)), value: double })),
    max_results: pageSize({ fallback: 7, max: 10 }),
    page_token: pageTokenOf(z.tuple([int64, z.string()])),
  }),
  handle: async ({ input, project }) => ({ ...input, project }),
})
const part = endpoint({
  methods: ['PUT'],
  root: 'mlflow-artifacts',
  path: '/artifacts/{path*}',
  takes: 'bytes',
  input: z.object({ path: z.string() }),
  handle: async ({ input, request, params }) => {
    let size = 0
    for await (const bytes of request.body ?? []) size += bytes.length
    return { path: input.path, same: params.path === input.path, size }
  },
})
const OUTAGES: Record<string, object> = {
  'nobody listens': { code: 'ECONNREFUSED' },
  'the database shuts down': { code: '57P01' },
  'Connection terminated unexpectedly': {},
  'the disk is full': { code: 'ENOSPC' },
  'the database is full': { code: '53100' },
}
const failing = endpoint({
  methods: ['POST'],
  path: '/fail',
  input: z.object({ how: z.string() }),
  handle: async ({ input: { how } }) => {
    if (how === 'exists') return refuse('conflict', 'it is there', { details: { mlflow: 'RESOURCE_ALREADY_EXISTS' } })
    if (how === 'busy') return refuse('busy', 'later', { details: { retryAfterMs: 1500 } })
    const cause = how in OUTAGES ? Object.assign(new Error(how), OUTAGES[how]) : undefined
    throw new Error('select secret from key', { cause })
  },
})
const long = endpoint({
  methods: ['GET'],
  path: '/long',
  input: z.object({}),
  handle: async () => ({ rows: new JsonText(`["${'x'.repeat(10_000)}"]`) }),
})

const entered: (string | null)[] = []
const send = wireTo(
  createMlflowHandler({
    enter: async ({ token, slug }) => {
      if (token !== null) refuse('unauthenticated', 'nobody holds this key')
      entered.push(slug)
      return { scope: { project: { slug: slug ?? 'digits' } } } as Ctx & { scope: NonNullable<Ctx['scope']> }
    },
    gate: { hosts: ['yard.example', 'pages.example'] },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    endpoints: [echo, part, failing, long],
  }),
)
const ECHO = '/api/2.0/mlflow/echo'
const post = (body: unknown, headers?: Record<string, string>) =>
  send('POST', ECHO, { body, ...(headers && { headers }) })

describe('addresses', () => {
  test.each([ECHO, '/ajax-api/2.0/mlflow/echo', `/${ECHO}`, `/projects/other${ECHO}`, `/projects/other/${ECHO}`])(
    '%s is the same endpoint',
    async (target) => {
      const answer = await send('GET', target)
      expect(answer).toMatchObject({ status: 200, json: { max_results: 7, ids: [] } })
      expect(entered.at(-1)).toBe(target.startsWith('/projects/') ? 'other' : null)
    },
  )

  test.each([
    `${ECHO}/`,
    '/api/2.0/mlflow/nothing',
    '/api/2.0/mlflow',
    '/api/3.0/mlflow/echo',
    '/api/2.0/mlflow/ech%6F',
  ])('%s is no endpoint, and says so in words that clients fall back on', async (target) => {
    expect(await send('GET', target)).toMatchObject({ status: 404, json: { error_code: 'ENDPOINT_NOT_FOUND' } })
  })

  test('the wrong method names the right ones', async () => {
    const answer = await send('DELETE', ECHO)
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, POST'])
  })

  test.each([
    ['a/%2e%2e/b', 'a/../b'],
    ['a%2Fb', 'a/b'],
    ['%252e', '%2e'],
    ['a%20b%2B+', 'a b++'],
    ['%C3%BC', 'ü'],
  ])('the path %s comes decoded once and never normalised', async (raw, path) => {
    const answer = await send('PUT', `/api/2.0/mlflow-artifacts/artifacts/${raw}`, { body: Buffer.alloc(100_000) })
    expect(answer.json).toEqual({ path, same: true, size: 100_000 })
  })

  test('a path that cannot be decoded is refused', async () => {
    expect((await send('PUT', '/api/2.0/mlflow-artifacts/artifacts/%zz')).status).toBe(400)
  })

  test('no two endpoints take the same path', () => {
    expect(() => createRouter([echo, echo])).toThrow('two endpoints take GET /api/2.0/mlflow/echo')
  })
})

describe('fields', () => {
  test('come from the query of a GET: a repeated key is a list, true is a word', async () => {
    expect((await send('GET', `${ECHO}?ids=a&ids=b&deep=true&step=9007199254740993&name=x+y`)).json).toMatchObject({
      ids: ['a', 'b'],
      deep: true,
      step: 9_007_199_254_740_993n,
      name: 'x y',
    })
    expect((await send('GET', `${ECHO}?ids=a`)).json).toMatchObject({ ids: ['a'] })
  })

  test('come from the body of a GET without a query; a POST ignores its query', async () => {
    expect((await send('GET', ECHO, { body: { name: 'body' } })).json).toMatchObject({ name: 'body' })
    const posted = await send('POST', `${ECHO}?name=query`, { body: { ids: ['b'] } })
    expect(posted.json).toEqual({ ids: ['b'], items: [], max_results: 7, project: 'digits' })
  })

  test.each([
    ['{"step":9007199254740993}', '9007199254740993'],
    ['{"step":"-9223372036854775808"}', '-9223372036854775808'],
    ['{"step":1.0}', '1'],
    ['{"step":"1.0"}', '1'],
    ['{"step":1e3}', '1000'],
  ])('a 64-bit number stays exact: %s', async (body, step) => {
    expect((await post(body)).at('step')).toBe(step)
  })

  test.each([
    ['{"value":"NaN"}', '"value":"NaN"'],
    ['{"value":"-Infinity"}', '"value":"-Infinity"'],
    ['{"value":0.1}', '"value":0.1'],
    ['{"value":"1e-7"}', '"value":1e-7'],
    ['{"value":null,"ids":null,"name":null,"unknown":{}}', '"ids":[]'],
    [JSON.stringify('{"name":"twice"}'), '"name":"twice"'],
    ['', '"ids":[]'],
  ])('%s is taken', async (body, written) => {
    const answer = await post(body)
    expect(answer.status).toBe(200)
    expect(answer.bytes.toString()).toContain(written)
  })

  test.each([
    ['{"step":1.5}', 'step'],
    ['{"step":9223372036854775808}', 'step'],
    ['{"step":"x"}', 'step'],
    ['{"value":"nan"}', 'value'],
    ['{"value":1e999}', 'value'],
    ['{"value":true}', 'value'],
    ['{"value":NaN}', 'NaN'],
    ['{"name":5}', 'name'],
    ['{"name":"\\u0000"}', 'name'],
    ['{"name":"\\ud800"}', 'name'],
    ['{"ids":{}}', 'ids'],
    ['{"items":[{"key":"a","value":1},{"key":"","value":2}]}', 'items[1].key'],
    ['{"items":[{"key":"a","value":1},{"key":"b"}]}', 'items[1].value'],
    ['{"max_results":11}', 'max_results'],
    ['{"max_results":0}', 'max_results'],
    ['{"page_token":"bm90IG91cnM"}', 'page_token'],
    ['{"page_token":"%"}', 'page_token'],
    ['[]', 'object'],
    ['"[]"', 'object'],
    ['{', 'JSON'],
  ])('%s is refused by name', async (body, named) => {
    const answer = await post(body)
    expect(answer).toMatchObject({ status: 400, json: { error_code: 'INVALID_PARAMETER_VALUE' } })
    expect(answer.at('message')).toContain(named)
  })

  test('a list has a thousand items, and more are refused before they are read', async () => {
    const list = (count: number) => ({ ids: Array(count).fill('a') })
    expect((await post(list(1000))).status).toBe(200)
    expect((await post(list(1001))).at('message')).toBe("Invalid value for parameter 'ids': must be at most 1000")
  })

  test('a page token comes back as the key it was made of', async () => {
    const token = writePageToken([9_007_199_254_740_993n, 'run_1'])
    expect((await post({ page_token: token })).json).toMatchObject({ page_token: [9_007_199_254_740_993n, 'run_1'] })
    expect((await post({ page_token: '' })).status).toBe(200)
  })

  test('a body is JSON by its type, UTF-8 and of a bounded size', async () => {
    expect((await post({}, { 'content-type': 'text/plain' })).status).toBe(400)
    expect((await post({}, { 'content-type': 'application/json; charset=utf-8' })).status).toBe(200)
    expect((await post(Buffer.from([0x22, 0xff, 0x22]))).status).toBe(400)
    expect((await post(`"${'x'.repeat(8 * 1024 * 1024)}"`)).status).toBe(413)
  })
})

describe('faults', () => {
  test.each([
    ['exists', 400, 'RESOURCE_ALREADY_EXISTS'],
    ['busy', 429, 'REQUEST_LIMIT_EXCEEDED'],
    ['bug', 500, 'INTERNAL_ERROR'],
    ['nobody listens', 503, 'TEMPORARILY_UNAVAILABLE'],
    ['the database shuts down', 503, 'TEMPORARILY_UNAVAILABLE'],
    ['Connection terminated unexpectedly', 503, 'TEMPORARILY_UNAVAILABLE'],
    // Clients repeat a 503 for minutes; a full disk does not empty itself.
    ['the disk is full', 507, 'TEMPORARILY_UNAVAILABLE'],
    ['the database is full', 507, 'TEMPORARILY_UNAVAILABLE'],
  ])('%s is %i %s', async (how, status, code) => {
    const answer = await send('POST', '/api/2.0/mlflow/fail', { body: { how } })
    expect(answer).toMatchObject({ status, json: { error_code: code } })
    expect(answer.at('message')).not.toContain('select')
    expect(answer.headers.get('retry-after')).toBe(how === 'busy' ? '2' : status === 503 ? '1' : null)
  })

  test('nobody is told which routes there are', async () => {
    for (const target of [ECHO, '/api/2.0/mlflow/nothing']) {
      const answer = await send('GET', target, { headers: { authorization: 'Bearer x' } })
      expect(answer).toMatchObject({ status: 401, json: { error_code: 'UNAUTHENTICATED' } })
      expect(answer.headers.get('www-authenticate')).toBe('Basic realm="mlflow"')
    }
  })
})

describe('origins', () => {
  test.each([
    ['localhost:4601', 200],
    ['127.0.0.1:4601', 200],
    ['[::1]:4601', 200],
    ['10.1.2.3', 200],
    ['YARD.example.:4601', 200],
    ['rebound.example', 403],
    ['localhost.rebound.example', 403],
    ['', 403],
  ])('the Host %s gets %i', async (host, status) => {
    expect((await post({}, { host })).status).toBe(status)
  })

  test.each([
    ['http://localhost:4601', 200],
    ['https://pages.example', 200],
    ['https://foreign.example', 403],
    ['null', 403],
  ])('a write from a page of %s gets %i, a read is none of its business', async (origin, status) => {
    expect((await post({}, { host: 'localhost:4601', origin })).status).toBe(status)
    expect((await send('GET', ECHO, { headers: { origin } })).status).toBe(200)
  })
})

test('a long answer is packed for who can unpack it', async () => {
  const packed = await send('GET', '/api/2.0/mlflow/long', { headers: { 'accept-encoding': 'deflate, gzip;q=0.5' } })
  expect([packed.headers.get('content-encoding'), packed.bytes.length < 200]).toEqual(['gzip', true])
  expect(JSON.parse(gunzipSync(packed.bytes).toString())).toEqual({ rows: ['x'.repeat(10_000)] })
  const plain = await send('GET', '/api/2.0/mlflow/long', { headers: { 'accept-encoding': 'gzip;q=0' } })
  expect(plain.headers.get('content-encoding')).toBeNull()
})
