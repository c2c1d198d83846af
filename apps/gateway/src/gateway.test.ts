import { classifier } from '@modelyard/inference/testing/models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_KEY, FarEnd, until } from './testing/far-end.ts'
import { newDir, type Running, removeDir, startGateway } from './testing/running.ts'

const farEnd = new FarEnd()
const dir = newDir()
let gateway: Running

beforeAll(async () => {
  await farEnd.start()
  farEnd.route([farEnd.variant(classifier(), { number: 4, modelVersion: 7 })])
  gateway = await startGateway(farEnd, dir)
})
afterAll(async () => {
  await gateway.stop()
  await farEnd.stop()
  removeDir(dir)
})

const PATH = '/digits/reader/predict'

describe('a prediction', () => {
  it('names label, score, version, variant and trace, and reaches the API with its features', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
    const { status, body } = await gateway.post(
      PATH,
      {
        instances: [
          [9, 0],
          [0, null],
          [1, 9],
        ],
      },
      { traceparent },
    )
    expect(status).toBe(200)
    expect(body).toMatchObject({ model: 'digits', modelVersion: 7, variant: 4, traceId: 'a'.repeat(32) })
    expect(body.predictions.map(({ label }) => label)).toEqual(['zero', null, 'one'])
    const [first] = body.predictions
    expect(first?.id).toMatch(/^prd_[0-7][0-9a-z]{25}$/)
    expect(first?.score).toBeGreaterThan(0.99)
    expect(first).not.toHaveProperty('probabilities')
    await until(() => farEnd.predictions.has(String(first?.id)), 'the prediction to be shipped')
    const record = farEnd.predictions.get(String(first?.id))
    expect(record).toMatchObject({
      features: [9, 0],
      label: 'zero',
      traceId: 'a'.repeat(32),
      variantId: farEnd.endpoint.variants[0]?.id,
    })
    expect(farEnd.predictions.get(String(body.predictions[1]?.id))?.features).toEqual([0, null])
    expect(farEnd.seconds.at(-1)).toMatchObject({ requests: 1, errors: 0, endpointId: farEnd.endpoint.id })
    expect(farEnd.seconds.at(-1)?.latency).toHaveLength(21)
  })

  it('gives probabilities on request, and takes large batches', async () => {
    const one = await gateway.post(PATH, { instances: [[9, 0]], parameters: { probabilities: true } })
    expect(one.body.predictions[0]?.probabilities).toHaveLength(3)
    const instances = Array.from({ length: 1000 }, (_, index) => (index % 2 ? [0, 9] : [9, 0]))
    const many = await gateway.post('/digits/reader/batch_predict', { instances })
    expect(many.body.predictions.map(({ label }) => label)).toEqual(
      instances.map((_, index) => (index % 2 ? 'one' : 'zero')),
    )
    expect(new Set(many.body.predictions.map(({ id }) => id)).size).toBe(1000)
    const before = farEnd.seconds.reduce((sum, { requests }) => sum + requests, 0)
    await until(() => farEnd.predictions.has(String(many.body.predictions[999]?.id)), 'the batch to be shipped')
    expect(farEnd.seconds.reduce((sum, { requests }) => sum + requests, 0)).toBeLessThanOrEqual(before + 2)
  })
})

describe('what is refused', () => {
  const bad: [string, unknown, number, RegExp][] = [
    ['no instances', {}, 400, /instances must be a list/],
    [
      'a wrong width',
      {
        instances: [
          [1, 2],
          [1, 2, 3],
        ],
      },
      400,
      /instances\[1\] must have 2 entries, not 3; each request needs shape \[N, 2\]/,
    ],
    ['text for a number', { instances: [[1, 'x']] }, 400, /instances\[0\]\[1\] must be a number, not text/],
    ['an infinite number', '{"instances":[[1,1e999]]}', 400, /infinite/],
    ['a flat row', { instances: [1, 2] }, 400, /instances\[0\] must be a list of 2, not number/],
    ['too many rows', { instances: Array(257).fill([1, 2]) }, 413, /at most 256 rows/],
    ['no JSON', '{"instances":', 400, /not valid JSON/],
    ['no object', '[1]', 400, /must be a JSON object/],
    ['depth without end', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400, /must be a JSON object/],
    ['depth inside', `{"instances":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400, /instances\[0\]/],
    ['a sticky key that is none', { instances: [[1, 2]], key: { a: 1 } }, 400, /key must be a text/],
    ['too large a body', `{"instances":[[1,2]],"x":"${'x'.repeat(9_000_000)}"}`, 413, /at most 8388608 bytes/],
  ]
  it.each(bad)('%s', async (_name, body, status, message) => {
    const answer = await gateway.post(PATH, body)
    expect(answer.status).toBe(status)
    const { error } = answer.body as unknown as { error: { message: string; traceId: string } }
    expect(error.message).toMatch(message)
    expect(error.traceId).toMatch(/^[0-9a-f]{32}$/)
    expect(JSON.stringify(answer.body)).not.toMatch(/\/work|\/tmp|\.ts|at Object/)
  })

  it('a wrong media type, encoding, method and deadline', async () => {
    const body = { instances: [[1, 2]] }
    expect((await gateway.post(PATH, body, { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await gateway.post(PATH, body, { 'content-encoding': 'gzip' })).status).toBe(415)
    expect((await gateway.post(PATH, body, { 'x-modelyard-timeout-ms': 'soon' })).status).toBe(400)
    const got = await fetch(`${gateway.url}${PATH}`)
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST'])
  })

  it('unknown keys, and endpoints that are not there or not for this key, alike', async () => {
    const body = { instances: [[1, 2]] }
    expect((await gateway.post(PATH, body, { authorization: 'Bearer my_abcdefgh_wrong' })).status).toBe(401)
    expect((await gateway.post(PATH, body, { authorization: '' })).status).toBe(401)
    const missing = await gateway.post('/digits/other/predict', body)
    farEnd.change(({ endpoints }) => {
      const [own] = endpoints
      if (own)
        endpoints.push({
          ...structuredClone(own),
          id: own.id.replace(/.$/, 'z'),
          projectId: 'prj_01k0000000000000000000000z',
          project: 'secret',
        })
    })
    await until(
      () => gateway.wired.gateway.table.find('secret', 'reader') !== undefined,
      'the foreign endpoint to be served',
    )
    const foreign = await gateway.post('/secret/reader/predict', body)
    expect([missing.status, foreign.status]).toEqual([404, 404])
    expect({ ...(foreign.body.error as object), traceId: 0 }).toEqual({ ...(missing.body.error as object), traceId: 0 })
    for (const path of [
      '/',
      '/digits/reader',
      '/digits/reader/predict/',
      '/digits/../reader/predict',
      '/v2/repository/models/x/load',
    ]) {
      expect((await gateway.post(path, body)).status).toBe(404)
    }
  })

  it('a key that spent its rate, alone; and a revoked one with the next snapshot', async () => {
    const [original] = farEnd.snapshot.keys
    if (!original) throw new Error('there is no key')
    farEnd.change((snapshot) => {
      snapshot.keys = [{ ...original, id: original.id.replace(/.$/, 'a'), requestsPerSecond: 1, burst: 3 }]
    })
    const body = { instances: [[1, 2]] }
    let last = await gateway.post(PATH, body)
    await until(async () => {
      last = await gateway.post(PATH, body)
      return last.status === 429
    }, 'the rate to be spent')
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    farEnd.change((snapshot) => {
      snapshot.keys = []
    })
    await until(async () => (await gateway.post(PATH, body)).status === 401, 'the key to be revoked')
    farEnd.change((snapshot) => {
      snapshot.keys = [original]
    })
    await until(async () => (await gateway.post(PATH, body)).status === 200, 'the key to be back')
  })
})

describe('the Open Inference Protocol', () => {
  const INFER = '/digits/v2/models/reader/infer'
  const auth = { authorization: `Bearer ${API_KEY}` }

  it('tells about the server and the model', async () => {
    expect((await fetch(`${gateway.url}/digits/v2/health/ready`)).status).toBe(200)
    expect((await fetch(`${gateway.url}/digits/v2`, { headers: auth })).status).toBe(200)
    const model = await (await fetch(`${gateway.url}/digits/v2/models/reader`, { headers: auth })).json()
    expect(model).toEqual({
      name: 'reader',
      versions: ['7'],
      platform: 'onnxruntime_onnx',
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }],
      outputs: [{ name: 'probabilities', datatype: 'FP32', shape: [-1, 3] }],
    })
    expect((await fetch(`${gateway.url}/digits/v2/models/reader/versions/8`, { headers: auth })).status).toBe(404)
    expect((await fetch(`${gateway.url}/digits/v2/models/nothing`, { headers: auth })).status).toBe(404)
  })

  it('infers from JSON', async () => {
    const inputs = [{ name: 'x', shape: [2, 2], datatype: 'FP32', data: [9, 0, 0, 9] }]
    const { status, body } = await gateway.post(INFER, { id: 'mine', inputs })
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: 'mine', model_name: 'reader', model_version: '7', parameters: { variant: 4 } })
    const [output] = body.outputs as { shape: number[]; data: number[] }[]
    expect(output?.shape).toEqual([2, 3])
    expect(output?.data[0]).toBeGreaterThan(0.99)
    const id = String((body.parameters as { prediction_ids: string }).prediction_ids).split(',')[1] ?? ''
    await until(() => farEnd.predictions.get(id)?.label === 'one', 'the prediction to be shipped')
  })

  it('infers from raw tensors, and answers with them', async () => {
    const head = Buffer.from(
      JSON.stringify({
        inputs: [{ name: 'x', shape: [2, 2], datatype: 'FP32', parameters: { binary_data_size: 16 } }],
        outputs: [{ name: 'probabilities', parameters: { binary_data: true } }],
      }),
    )
    const response = await fetch(`${gateway.url}${INFER}`, {
      method: 'POST',
      headers: {
        ...auth,
        'inference-header-content-length': String(head.length),
        'content-type': 'application/octet-stream',
      },
      body: Buffer.concat([head, Buffer.from(new Float32Array([9, 0, 0, 9]).buffer)]),
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    const length = Number(response.headers.get('inference-header-content-length'))
    expect(JSON.parse(bytes.subarray(0, length).toString())).toMatchObject({
      outputs: [{ shape: [2, 3], parameters: { binary_data_size: 24 } }],
    })
    const values = new Float32Array(Uint8Array.from(bytes.subarray(length)).buffer)
    expect(values[0]).toBeGreaterThan(0.99)
    expect(values[4]).toBeGreaterThan(0.99)
  })

  it('refuses in its own words what does not fit', async () => {
    const input = { name: 'x', shape: [1, 2], datatype: 'FP32', data: [1, 2] }
    const cases: [object, RegExp][] = [
      [{ ...input, shape: [2 ** 31, 2 ** 31] }, /more than|shape/],
      [{ ...input, shape: [-1, 2] }, /whole numbers/],
      [{ ...input, shape: Array(1000).fill(1) }, /at most 8/],
      [{ ...input, shape: [0, 2], data: [] }, /shape \[N, 2\]/],
      [{ ...input, data: [1] }, /must hold 2 numbers/],
      [{ ...input, data: [1, 2, 3] }, /more numbers than the shape/],
      [{ ...input, datatype: 'BYTES' }, /datatype FP32/],
      [{ ...input, datatype: '__proto__' }, /datatype FP32/],
      [{ ...input, name: 'y' }, /exactly the input "x"/],
      [{ ...input, parameters: { binary_data_size: 2 ** 31 } }, /binary_data_size/],
      [{ ...input, parameters: { binary_data_size: 8 } }, /fewer bytes/],
    ]
    for (const [bad, message] of cases) {
      const { status, body } = await gateway.post(INFER, { inputs: [bad] })
      expect([400, 413]).toContain(status)
      expect(body.error).toMatch(message)
    }
    expect((await gateway.post('/digits/v2/models/reader/versions/7/infer', { inputs: [input] })).status).toBe(404)
    expect((await gateway.post('/digits/v2/repository/models/reader/load', {})).status).toBe(404)
  })
})

it('tells its health and its metrics', async () => {
  expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200)
  expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(200)
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text()
  expect(metrics).toMatch(
    /modelyard_predictions_total\{project="digits",endpoint="reader",variant="r4",code="ok"\} [1-9]/,
  )
  expect(metrics).toMatch(/modelyard_gateway_rejections_total\{reason="unauthenticated"\} [1-9]/)
  expect(metrics).toContain('modelyard_gateway_spool_bytes')
})
