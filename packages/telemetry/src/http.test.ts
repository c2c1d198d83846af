import { afterEach, describe, expect, it } from 'vitest'
import { createProbe, type ProbeServer, serveProbe } from './http.ts'
import { createMetrics } from './metrics.ts'

let server: ProbeServer | undefined
afterEach(async () => {
  await server?.close()
})

async function start(missing: string[]): Promise<string> {
  const { registry } = createMetrics('worker', { version: '9', runtime: false })
  server = await serveProbe(createProbe({ registry, process: 'worker', version: '9', ready: () => missing }), 0)
  return `http://127.0.0.1:${server.port}`
}

describe('probe', () => {
  it('serves metrics in the text format', async () => {
    const answer = await fetch(`${await start([])}/metrics`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toContain('text/plain')
    expect(await answer.text()).toContain('modelyard_build_info{process="worker",version="9"} 1')
  })

  it('tells ready from not ready and stays live', async () => {
    const missing = ['database']
    const base = await start(missing)
    const waiting = await fetch(`${base}/health/ready`)
    expect(waiting.status).toBe(503)
    expect(await waiting.json()).toMatchObject({ status: 'not_ready', missing: ['database'] })
    expect((await fetch(`${base}/health/live`)).status).toBe(200)
    missing.pop()
    expect((await fetch(`${base}/health?verbose=1`)).status).toBe(200)
  })

  it('refuses other methods and leaves other paths alone', async () => {
    const base = await start([])
    expect((await fetch(`${base}/metrics`, { method: 'POST' })).status).toBe(405)
    expect((await fetch(`${base}/constructor`)).status).toBe(404)
  })
})
