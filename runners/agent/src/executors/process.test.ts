import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Folder, Handle, type Launch, makeFolder } from '../attempt/folder.ts'
import { readJson, writeJson } from '../disk.ts'
import { isAlive, monotonicMs, ProcessIdentity } from '../processes.ts'
import { processExecutor } from './process.ts'

let root = ''
let folder: Folder
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'modelyard-agent-'))
  folder = makeFolder(root, 'att')
  writeJson(folder.lease, { deadlineMs: monotonicMs() + 60_000 })
})
afterEach(() => {
  processExecutor.signal(folder, 'kill')
  rmSync(root, { recursive: true, force: true })
})

const launchOf = (script: string, more: Partial<Launch> = {}): Launch => ({
  command: ['/bin/sh', '-c', script],
  env: { PATH: '/usr/bin:/bin', ONLY: 'this' },
  timeoutMs: 60_000,
  graceMs: 500,
  ...more,
})

async function ended() {
  for (let n = 0; n < 150; n++) {
    const status = processExecutor.status(folder)
    if (status.state !== 'running') return status
    await sleep(50)
  }
  throw new Error('it did not end')
}
const trainer = () => readJson(folder.trainer, ProcessIdentity) as ProcessIdentity

/** Live processes of a group; what nobody has waited for yet is dead all the same. */
function membersOf(group: number): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return Number(pgrp) === group && state !== 'Z'
    } catch {
      return false
    }
  })
}

test('its output goes to the log, its environment is what it was given, its exit code is kept', async () => {
  await processExecutor.start(folder, launchOf('env | sort; echo oops >&2; pwd; exit 7'))
  expect(await ended()).toEqual({ state: 'ended', exit: { exitCode: 7, signal: null, stopReason: null } })
  const lines = readFileSync(folder.log, 'utf8').trim().split('\n')
  expect(lines).toEqual(expect.arrayContaining(['ONLY=this', 'oops', folder.job]))
  expect(lines.filter((line) => line.includes('=')).map((line) => line.split('=')[0])).not.toContain('HOME')
})

test('starting twice starts once', async () => {
  const launch = launchOf('echo began; sleep 1')
  await Promise.all([1, 2, 3].map(() => processExecutor.start(folder, launch)))
  await processExecutor.start(folder, launch)
  await ended()
  expect(readFileSync(folder.log, 'utf8')).toBe('began\n')
})

test('an order to stop asks first and then insists, and what the program left behind goes too', async () => {
  await processExecutor.start(folder, launchOf('trap "echo asked" TERM; sleep 60 & while true; do sleep 0.1; done'))
  await sleep(400)
  const group = trainer().pid
  processExecutor.signal(folder, { reason: 'cancel', graceMs: 400 })
  expect(await ended()).toMatchObject({ state: 'ended', exit: { stopReason: 'cancel', signal: 'SIGKILL' } })
  expect(readFileSync(folder.log, 'utf8')).toContain('asked')
  await sleep(100)
  expect(membersOf(group)).toEqual([])
})

test('a lease that nobody renews ends the work', async () => {
  await processExecutor.start(folder, launchOf('sleep 60'))
  await sleep(300)
  expect(processExecutor.status(folder)).toEqual({ state: 'running' })
  writeJson(folder.lease, { deadlineMs: monotonicMs() - 1 })
  expect(await ended()).toMatchObject({ exit: { stopReason: 'fenced', signal: 'SIGTERM' } })
})

test('so does its time limit', async () => {
  await processExecutor.start(folder, launchOf('sleep 60', { timeoutMs: 300 }))
  expect(await ended()).toMatchObject({ exit: { stopReason: 'timeout' } })
})

test('a supervisor that is killed leaves no work running, and says nothing', async () => {
  await processExecutor.start(folder, launchOf('sleep 60'))
  await sleep(300)
  const work = trainer()
  process.kill((readJson(folder.handle, Handle) as Handle).supervisor.pid, 'SIGKILL')
  expect(await ended()).toEqual({ state: 'gone' })
  processExecutor.signal(folder, 'kill')
  await sleep(100)
  expect(isAlive(work)).toBe(false)
})

test('a program that does not exist is an end like any other', async () => {
  await processExecutor.start(folder, { ...launchOf(''), command: ['/nowhere/at/all'] })
  expect(await ended()).toMatchObject({ state: 'ended', exit: { exitCode: expect.any(Number) } })
})
