import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { trace } from '@opentelemetry/api'
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import { describe, expect, it } from 'vitest'
import { recordSpan } from './finished-span.ts'
import { startTracing } from './trace.ts'
import { activeTraceId, extract, formatTraceparent, inject, parseTraceparent, withSpan } from './trace-context.ts'

const REMOTE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe('traceparent', () => {
  it('reads and writes version 00', () => {
    const parsed = parseTraceparent(REMOTE)
    expect(parsed).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c', traceFlags: 1, isRemote: true })
    expect(parsed && formatTraceparent(parsed)).toBe(REMOTE)
  })

  it.each([
    null,
    '',
    'x',
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
    `${REMOTE}-more`,
    REMOTE.toUpperCase(),
  ])('refuses %s', (text) => {
    expect(parseTraceparent(text)).toBeNull()
  })
})

describe('without an exporter', () => {
  it('still carries ids along, and loads nothing of the SDK', async () => {
    const tracing = await startTracing({ process: 'test', version: '1' })
    expect(tracing.exporting).toBe(false)
    const [outer, inner] = await withSpan('outer', { parent: REMOTE }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      return [inject(), await withSpan('inner', {}, () => inject())] as const
    })
    expect(outer).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-00$/)
    expect(inner).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-/)
    expect(inner).not.toBe(outer)
    expect(inject()).toBeNull()
    const fresh = await withSpan('root', {}, () => activeTraceId())
    expect(fresh).toMatch(/^[0-9a-f]{32}$/)
    await tracing.stop()
  })

  it('keeps the SDK out of the process', () => {
    const code = `
      import { registerHooks } from 'node:module'
      const seen = []
      registerHooks({ resolve: (name, context, next) => { const found = next(name, context); seen.push(found.url); return found } })
      const { startTracing } = await import('@modelyard/telemetry')
      await startTracing({ process: 'x', version: '1' })
      const heavy = seen.filter((url) => /@opentelemetry.(sdk|exporter|instrumentation|resources)|import-in-the-middle/.test(url))
      process.stdout.write(JSON.stringify({ all: seen.length, heavy }))`
    const out = execFileSync(
      process.execPath,
      ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', code],
      {
        cwd: import.meta.dirname,
        env: {},
      },
    )
    const { all, heavy } = JSON.parse(out.toString()) as { all: number; heavy: string[] }
    expect(all).toBeGreaterThan(5)
    expect(heavy).toEqual([])
  })
})

describe('with an exporter', () => {
  it('nests spans under the remote parent, records failures, and closes what it opened', async () => {
    const exporter = new InMemorySpanExporter()
    const tracing = await startTracing({ process: 'test', version: '1', exporter })
    expect(tracing.exporting).toBe(true)
    const failed = withSpan(
      'submit',
      { parent: REMOTE, kind: 'server', attributes: { 'modelyard.job': 'job_1' } },
      () =>
        withSpan('plan', {}, () => {
          throw new Error('no runner')
        }),
    )
    await expect(failed).rejects.toThrow('no runner')
    const spans = exporter.getFinishedSpans()
    const [plan, submit] = spans
    expect(spans.map(({ name }) => name)).toEqual(['plan', 'submit'])
    expect(submit?.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c')
    expect(submit?.parentSpanContext?.spanId).toBe('b7ad6b7169203331')
    expect(plan?.parentSpanContext?.spanId).toBe(submit?.spanContext().spanId)
    expect(plan?.status.message).toBe('no runner')
    expect(submit?.resource.attributes['service.name']).toBe('modelyard-test')
    await tracing.stop()
    expect(trace.getTracer('after').startSpan('x').isRecording()).toBe(false)
  })

  it('follows a request from fetch into an http server, both patched', () => {
    const code = `
      import { startTracing, withSpan } from '@modelyard/telemetry'
      import { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
      const exporter = new InMemorySpanExporter()
      const tracing = await startTracing({ process: 'x', version: '1', exporter, instrument: ['http', 'pg', 'undici'] })
      const http = await import('node:http')
      const server = http.createServer((request, response) => response.end(request.headers.traceparent)).listen(0, '127.0.0.1')
      await new Promise((resolve) => server.once('listening', resolve))
      const header = await withSpan('ask', {}, async () => (await fetch('http://127.0.0.1:' + server.address().port)).text())
      server.close()
      const spans = exporter.getFinishedSpans().map((span) => ({ id: span.spanContext().spanId, parent: span.parentSpanContext?.spanId, trace: span.spanContext().traceId, kind: span.kind }))
      await tracing.stop()
      process.stdout.write(JSON.stringify({ header, spans }))`
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
      cwd: import.meta.dirname,
      env: {},
    })
    type Found = { header: string; spans: { id: string; parent?: string; trace: string; kind: number }[] }
    const { header, spans } = JSON.parse(out.toString()) as Found
    const [server, client, ask] = [1, 2, 0].map((kind) => spans.find((span) => span.kind === kind))
    expect(client?.parent).toBe(ask?.id)
    expect(server?.parent).toBe(client?.id)
    expect(header).toBe(`00-${ask?.trace}-${client?.id}-01`)
  })

  it('begins a trace of its own where it is told to, and records what was measured elsewhere', async () => {
    const exporter = new InMemorySpanExporter()
    const tracing = await startTracing({ process: 'test', version: '1', exporter })
    const startMs = Date.parse('2026-01-02T03:04:05Z')
    const measured = { startMs, endMs: startMs + 2_500 }
    await withSpan('request', { parent: REMOTE }, async () => {
      await withSpan('ship', { root: true }, () => undefined)
      recordSpan('alone', { parent: null, ...measured })
      recordSpan('run', { parent: inject(), ...measured, attributes: { rows: 4 } })
    })
    const [ship, alone, run, request] = exporter.getFinishedSpans()
    expect([ship, alone].map((span) => span?.parentSpanContext)).toEqual([undefined, undefined])
    expect(ship?.spanContext().traceId).not.toBe(request?.spanContext().traceId)
    expect(run?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId)
    expect(run).toMatchObject({ startTime: [startMs / 1000, 0], duration: [2, 500_000_000], attributes: { rows: 4 } })
    await tracing.stop()
  })

  it('sends what is left when it stops, and stops all the same where nobody takes it', async () => {
    const bodies: string[] = []
    const collector = createServer(async (request, response) => {
      bodies.push(`${request.url} ${await text(request)}`)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    }).listen(0, '127.0.0.1')
    await once(collector, 'listening')
    const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`
    for (const isThere of [true, false]) {
      const tracing = await startTracing({ process: 'test', version: '1', endpoint })
      await withSpan('last words', {}, () => undefined)
      if (!isThere) {
        collector.closeAllConnections()
        await new Promise((resolve) => collector.close(resolve))
      }
      await tracing.stop()
    }
    expect(bodies).toEqual([expect.stringMatching(/^\/v1\/traces \{.*modelyard-test.*last words/)])
  })

  it('hands a context on by its text alone', () => {
    expect(trace.getSpanContext(extract(REMOTE))?.spanId).toBe('b7ad6b7169203331')
    expect(trace.getSpanContext(extract('nonsense'))).toBeUndefined()
  })
})
