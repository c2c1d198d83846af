import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { identify, isAlive } from '../../bootstrap/processes.mjs'
import { AlreadyRunning, claimDataDir, endLeftovers, forgetRun, recordRun } from './run-file.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'modelyard-run-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

const supervisor = identify(process.pid)
if (!supervisor) throw new Error('this process is not in the process table')

const record = (processes: { name: string; pid: number; startTime: string }[]): void =>
  recordRun(dataDir, { supervisor, startedAt: '2026-01-01T00:00:00Z', ports: {}, processes })

test('a data folder with a live owner is refused, one with a dead owner is taken over', async () => {
  await claimDataDir(dataDir)
  await expect(claimDataDir(dataDir)).rejects.toThrow(AlreadyRunning)
  writeFileSync(
    join(dataDir, 'lock.json'),
    JSON.stringify({ pid: process.pid, startTime: 'another process had this pid' }),
  )
  await claimDataDir(dataDir)
  forgetRun(dataDir)
  expect(existsSync(join(dataDir, 'lock.json'))).toBe(false)
})

test('leftovers are ended by pid and start time; who merely has the pid now is spared', async () => {
  const left = spawn('sleep', ['100'], { detached: true, stdio: 'ignore' })
  const bystander = spawn('sleep', ['100'], { detached: true, stdio: 'ignore' })
  const [mine, other] = [identify(left.pid ?? 0), identify(bystander.pid ?? 0)]
  if (!mine || !other) throw new Error('sleep did not start')
  record([
    { name: 'worker', ...mine },
    { name: 'api', pid: other.pid, startTime: '1' },
  ])
  expect(statSync(join(dataDir, 'run.json')).mode & 0o777).toBe(0o600)
  expect(await endLeftovers(dataDir)).toEqual([`worker (pid ${mine.pid})`])
  expect([isAlive(mine), isAlive(other)]).toEqual([false, true])
  bystander.kill('SIGKILL')
})
