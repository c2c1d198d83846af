/** A gateway in this process, on a free port, for tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readEnv } from '../env.ts'
import { closeServer } from '../http/server.ts'
import { wire } from '../wire.ts'
import { API_KEY, type FarEnd, GATEWAY_TOKEN, until } from './far-end.ts'

export type Answer = {
  status: number
  headers: Headers
  body: Record<string, unknown> & { predictions: Record<string, unknown>[] }
}

export type Running = {
  url: string
  dir: string
  wired: Awaited<ReturnType<typeof wire>>
  post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Answer>
  stop: () => Promise<void>
}

export const newDir = () => mkdtempSync(join(tmpdir(), 'modelyard-gateway-test-'))
export const removeDir = (dir: string) => rmSync(dir, { recursive: true, force: true })

export function envOf(farEnd: FarEnd, dir: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    MODELYARD_API_URL: farEnd.url,
    MODELYARD_GATEWAY_TOKEN: GATEWAY_TOKEN,
    MODELYARD_GATEWAY_DIR: dir,
    PORT: '0',
    LOG_LEVEL: 'fatal',
    ...more,
  }
}

export async function startGateway(farEnd: FarEnd, dir: string, more: Record<string, string> = {}): Promise<Running> {
  const wired = await wire(readEnv(envOf(farEnd, dir, more)))
  await new Promise<void>((resolve) => wired.server.listen(0, '127.0.0.1', resolve))
  await wired.gateway.start()
  const url = `http://127.0.0.1:${(wired.server.address() as AddressInfo).port}`
  await until(() => wired.gateway.missing().length === 0, 'the gateway to be ready')
  return {
    url,
    dir,
    wired,
    post: async (path, body, headers = {}) => {
      const response = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
      return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] }
    },
    stop: async () => {
      await closeServer(wired.server, 1000)
      await wired.close()
    },
  }
}
