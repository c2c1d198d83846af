import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { linkRoutes } from './links.ts'

let server: Server
let base: string
beforeAll(async () => {
  const routes = linkRoutes({ consoleUrl: 'https://yard.example' })
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://api')
    for (const { path, handle } of routes) {
      const match = path.exec(url.pathname)
      if (match) return void handle({ request, response, url, params: { ...match.groups } })
    }
    response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

it.each([
  ['/', 'https://yard.example/mlflow?to='],
  ['/projects/digits/', 'https://yard.example/mlflow?project=digits&amp;to='],
])('%s carries the fragment to the console', async (path, address) => {
  const page = await (await fetch(base + path)).text()
  expect(page).toContain(`data-console="${address}"`)
})

it('runs its own script and nothing else', async () => {
  const response = await fetch(base)
  const script = /<script>(.*)<\/script>/.exec(await response.text())?.[1] ?? ''
  const hash = createHash('sha256').update(script).digest('base64')
  expect(response.headers.get('content-security-policy')).toContain(`default-src 'none'; script-src 'sha256-${hash}'`)
})
