import { createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { accepts, anyFreePort, choosePort, isFree, ownerOf } from './ports.mjs'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function occupy(): Promise<number> {
  const port = await anyFreePort()
  const server = createServer()
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return port
}

test('a free port is taken as wanted', async () => {
  const port = await anyFreePort()
  expect(await isFree(port)).toBe(true)
  expect(await choosePort(port)).toBe(port)
  expect(await accepts(port)).toBe(false)
})

test('an occupied or promised port gives way to the same place in a later block of ten', async () => {
  const port = await occupy()
  expect(await accepts(port)).toBe(true)
  const chosen = await choosePort(port, new Set([port + 10]))
  expect(chosen).not.toBe(port)
  expect(chosen).not.toBe(port + 10)
  expect(await isFree(chosen)).toBe(true)
})

test.runIf(process.platform === 'linux')('the owner of a port is named by pid', async () => {
  expect(ownerOf(await occupy())).toContain(`pid ${process.pid}`)
  expect(ownerOf(await anyFreePort())).toBeUndefined()
})
