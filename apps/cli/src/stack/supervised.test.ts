import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { isAlive, until } from '../../bootstrap/processes.mjs'
import { withDescendants } from './descendants.ts'
import { Log } from './log.ts'
import { pauseMs, Supervised } from './supervised.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'modelyard-supervised-'))
const silent = vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
afterAll(() => {
  silent.mockRestore()
  rmSync(dataDir, { recursive: true, force: true })
})

function sleeper(program: string): Supervised {
  const command = { args: ['-e', program], cwd: dataDir, env: {} }
  return new Supervised({
    name: 'sleeper',
    command,
    log: new Log({ dataDir, colour: false }),
    changed: () => undefined,
  })
}

test('the pause grows and is bounded', () => {
  expect([0, 1, 2, 3].map(pauseMs)).toEqual([250, 500, 1000, 2000])
  expect(pauseMs(50)).toBe(10_000)
})

test('one that is killed comes back as another process', async () => {
  const member = sleeper('setInterval(() => {}, 1000)')
  member.start()
  const first = member.identity
  expect(first).toBeDefined()
  process.kill(first?.pid ?? 0, 'SIGKILL')
  expect(await until(() => member.identity?.pid !== first?.pid, 5_000)).toBe(true)
  await member.stop(1_000)
  expect(member.identity && isAlive(member.identity)).toBe(false)
})

test('stopping ends also grandchildren that lead a group of their own and one that hears no SIGTERM', async () => {
  const member = sleeper(
    "process.on('SIGTERM', () => {}); require('child_process').spawn('sleep', ['100'], { detached: true, stdio: 'ignore' }); setInterval(() => {}, 1000)",
  )
  member.start()
  const pid = member.identity?.pid ?? 0
  await until(() => withDescendants([pid]).length === 2, 5_000)
  const family = withDescendants([pid])
  expect(family).toHaveLength(2)
  await member.stop(300)
  expect(family.filter(isAlive)).toEqual([])
})
