import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accepts, anyFreePort } from './ports.mjs'
import { startPostgres } from './postgres.mjs'
import { isAlive, until } from './processes.mjs'

let home = ''
beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'modelyard-postgres-'))
  chmodSync(folder, 0o711)
  home = join(folder, 'postgres')
})
afterAll(async () => {
  await (await startPostgres({ home, fast: true })).stop()
  rmSync(join(home, '..'), { recursive: true, force: true })
})

test('a running server is adopted and not started twice', async () => {
  const first = await startPostgres({ home, port: await anyFreePort(), fast: true })
  const second = await startPostgres({ home, fast: true })
  expect([first.adopted, second.adopted]).toEqual([false, true])
  expect(second.identity).toEqual(first.identity)
  expect(second.url).toBe(first.url)
})

test('after kill -9 it starts again on the same port, over the pid file it left', async () => {
  const before = await startPostgres({ home, fast: true })
  process.kill(before.identity.pid, 'SIGKILL')
  await until(() => !isAlive(before.identity), 5_000)
  const after = await startPostgres({ home, port: before.port, samePort: true, fast: true })
  expect(after.adopted).toBe(false)
  expect(after.port).toBe(before.port)
  expect(await accepts(after.port)).toBe(true)
})

test('a pid file that names a process of somebody else is no server of ours', async () => {
  const running = await startPostgres({ home, fast: true })
  await running.stop()
  const pidFile = join(home, 'cluster/postmaster.pid')
  expect(existsSync(pidFile)).toBe(false)
  writeFileSync(pidFile, `${process.pid}\n${join(home, 'cluster')}\n0\n${running.port}\n\n127.0.0.1\n0\nready   \n`)
  const again = await startPostgres({ home, fast: true })
  expect(again.adopted).toBe(false)
  expect(again.identity.pid).not.toBe(process.pid)
})
