import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Exit, type Folder, Handle, type Launch } from '../attempt/folder.ts'
import { readJson, writeJson } from '../disk.ts'
import { bootId, isAlive, ProcessIdentity, send } from '../processes.ts'
import type { Executor, ExecutorStatus } from './executor.ts'
import { findGpus } from './gpu.ts'

const START_LIMIT_MS = 10_000

/** Where the supervisor's code lies: beside this folder in source, or `supervisor.mjs` beside the bundle. */
function supervisorEntry(): string {
  const here = import.meta.url
  return fileURLToPath(new URL(here.endsWith('.ts') ? '../supervisor.ts' : './supervisor.mjs', here))
}

function status(folder: Folder): ExecutorStatus {
  const exit = readJson(folder.exit, Exit)
  if (exit) return { state: 'ended', exit }
  const handle = readJson(folder.handle, Handle)
  if (!handle) return { state: 'absent' }
  if (handle.bootId === bootId() && isAlive(handle.supervisor)) return { state: 'running' }
  // It may have written its last word between the two looks.
  const late = readJson(folder.exit, Exit)
  return late ? { state: 'ended', exit: late } : { state: 'gone' }
}

async function start(folder: Folder, launch: Launch): Promise<void> {
  if (status(folder).state !== 'absent') return
  writeJson(folder.launch, launch)
  const child = spawn(process.execPath, [supervisorEntry(), folder.root], {
    cwd: folder.root,
    env: {},
    detached: true,
    stdio: 'ignore',
  })
  child.unref()
  const failed = new Promise<never>((_, reject) => child.once('error', reject))
  for (let waitedMs = 0; !existsSync(folder.handle); waitedMs += 20) {
    if (waitedMs > START_LIMIT_MS) throw new Error('the supervisor did not start')
    await Promise.race([sleep(20), failed])
  }
}

/** The supervisor of a killed attempt goes too: its work is worth nothing any more. */
function kill(folder: Folder): void {
  const trainer = readJson(folder.trainer, ProcessIdentity)
  const handle = readJson(folder.handle, Handle)
  if (handle?.bootId !== bootId()) return
  if (isAlive(handle.supervisor)) send(handle.supervisor.pid, 'SIGKILL')
  // The trainer leads its own group, which stays its own as long as one of its processes lives.
  if (trainer && (isAlive(trainer) || !existsSync(folder.exit))) send(-trainer.pid, 'SIGKILL')
}

/**
 * Plain processes on this machine, each under a detached supervisor. It gives no isolation: a training program can do
 * what the runner's user can.
 */
export const processExecutor: Executor = {
  kind: 'process',
  probe: findGpus,
  start,
  adopt: status,
  signal: (folder, order) => (order === 'kill' ? kill(folder) : writeJson(folder.stop, order)),
  status,
}
