import { describe, expect, it } from 'vitest'
import { createLogger, redact, redactText } from './logger.ts'

function capture() {
  const lines: Record<string, unknown>[] = []
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) }
  return { lines, log: createLogger({ process: 'test', level: 'info', destination }) }
}

describe('createLogger', () => {
  it('writes one JSON line with level, time, process and message', () => {
    const { lines, log } = capture()
    log.info({ jobId: 'job_1' }, 'job offered')
    log.debug({}, 'too quiet')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({
      level: 'info',
      process: 'test',
      pid: process.pid,
      jobId: 'job_1',
      msg: 'job offered',
    })
    expect(new Date(String(lines[0]?.time)).getTime()).toBeGreaterThan(0)
  })

  it('keeps secrets out, by name and by shape, and keeps ids that only look like secrets', () => {
    const { lines, log } = capture()
    const secret = 'my_ab12cd34_0123456789012345678901234567890123456789012'
    log.warn(
      {
        password: 'hunter2',
        headers: { authorization: `Bearer ${secret}`, accept: '*/*' },
        url: 'postgres://app:hunter2@127.0.0.1:5432/app',
        runnerToken: 'myr_x',
        tokenId: 'tok_1',
        usesLeft: 3,
      },
      `key ${secret} refused`,
    )
    const text = JSON.stringify(lines[0])
    expect(text).not.toContain('hunter2')
    expect(text).not.toContain(secret)
    expect(text).not.toContain('myr_x')
    expect(lines[0]).toMatchObject({ tokenId: 'tok_1', usesLeft: 3, headers: { accept: '*/*' } })
  })

  it('writes errors with message, stack and code, redacted', () => {
    const { lines, log } = capture()
    const err = Object.assign(new Error('no route to postgres://u:topsecret@db/x'), { code: 'ECONNREFUSED' })
    log.error({ err }, 'lost the database')
    expect(lines[0]?.err).toMatchObject({ code: 'ECONNREFUSED', message: 'no route to postgres://u:[redacted]@db/x' })
    expect(JSON.stringify(lines[0])).not.toContain('topsecret')
  })

  it('tells which query failed and why, not with which values', () => {
    const { lines, log } = capture()
    const params = ['a value\nof somebody', 7, null]
    const cause = new Error('connection terminated')
    const failed = new Error(`Failed query: select $1, $2, $3\nparams: ${params}`, { cause })
    const query = Object.assign(failed, { query: 'select $1, $2, $3', params })
    log.error({ err: query }, 'lost the database')
    log.error({ err: new Error('not now', { cause: query }) }, 'a procedure failed')
    const why = 'Failed query: select $1, $2, $3: connection terminated'
    expect(lines).toMatchObject([{ err: { message: why } }, { err: { message: `not now: ${why}` } }])
    expect(JSON.stringify(lines)).not.toMatch(/somebody|params/)
  })

  it('survives what has no JSON form', () => {
    const { lines, log } = capture()
    const ring: Record<string, unknown> = { big: 2n ** 70n, bytes: new Uint8Array(3) }
    ring.self = ring
    log.info(ring, 'odd')
    expect(lines[0]).toMatchObject({ big: String(2n ** 70n), bytes: '[3 bytes]' })
  })

  it('carries bindings into children', () => {
    const { lines, log } = capture()
    log.child({ jobId: 'job_2' }).error({}, 'failed')
    expect(lines[0]).toMatchObject({ jobId: 'job_2', msg: 'failed' })
  })
})

describe('redact', () => {
  it('leaves harmless values alone', () => {
    const value = { a: 1, b: [true, null, 'text'], c: { keyId: 'key_1' }, d: new Date(0) }
    expect(redact(value)).toEqual(value)
    expect(redactText('signed with whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toBe('signed with [redacted]')
    expect(redactText('my_model is at version 3')).toBe('my_model is at version 3')
  })
})
