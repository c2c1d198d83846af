/**
 * Owns one training process. It outlives the agent, ends the work when nobody renews its lease (dead-man switch), at its
 * time limit and on order, and writes down how it ended. It knows one folder and speaks to nobody.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, openSync, writeFileSync } from 'node:fs'
import { type Exit, type Folder, folderOf, type Handle, Launch, Lease, Stop } from './attempt/folder.ts'
import { readJson, writeJson } from './disk.ts'
import { bootId, identify, monotonicMs, send } from './processes.ts'

const LOOK_MS = 200

// Where the tool is there, the kernel ends the training with its supervisor, so that none runs on unwatched.
const LAUNCH = `command -v setpriv >/dev/null 2>&1 && exec setpriv --pdeathsig KILL -- "$@"
exec "$@"`

function claim(folder: Folder): boolean {
  try {
    const handle: Handle = { supervisor: identify(process.pid), bootId: bootId() }
    writeFileSync(folder.handle, JSON.stringify(handle), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function start(folder: Folder, launch: Launch): ChildProcess {
  const log = openSync(folder.log, 'a', 0o600)
  const child = spawn('/bin/sh', ['-c', LAUNCH, 'sh', ...launch.command], {
    cwd: folder.job,
    env: launch.env,
    detached: true,
    stdio: ['ignore', log, log],
  })
  if (child.pid !== undefined) writeJson(folder.trainer, identify(child.pid))
  return child
}

/** Why the work must stop now, if it must. */
function orderOf(folder: Folder, args: { launch: Launch; startedMs: number }): Stop | null {
  const now = monotonicMs()
  const { graceMs, timeoutMs } = args.launch
  const lease = readJson(folder.lease, Lease)
  if (lease && now > lease.deadlineMs) return { reason: 'fenced', graceMs }
  const asked = existsSync(folder.stop) ? readJson(folder.stop, Stop) : null
  if (asked) return asked
  return now - args.startedMs > timeoutMs ? { reason: 'timeout', graceMs } : null
}

function watch(folder: Folder, child: ChildProcess, launch: Launch): void {
  const startedMs = monotonicMs()
  let stopped: { order: Stop; atMs: number } | null = null
  const group = -(child.pid ?? 0)
  const clock = setInterval(() => {
    if (!stopped) {
      const order = orderOf(folder, { launch, startedMs })
      if (!order) return
      stopped = { order, atMs: monotonicMs() }
      send(group, 'SIGTERM')
    } else if (monotonicMs() - stopped.atMs > stopped.order.graceMs) send(group, 'SIGKILL')
  }, LOOK_MS)
  const end = (exit: Exit) => {
    clearInterval(clock)
    // Whatever the program left behind goes with it.
    if (group < 0) send(group, 'SIGKILL')
    writeJson(folder.exit, exit)
  }
  child.once('error', () => end({ exitCode: 127, signal: null, stopReason: stopped?.order.reason ?? null }))
  child.once('exit', (exitCode, signal) => end({ exitCode, signal, stopReason: stopped?.order.reason ?? null }))
}

const folder = folderOf(process.argv[2] ?? '')
const launch = readJson(folder.launch, Launch)
if (!launch) throw new Error(`there is nothing to start in ${folder.root}`)
// Of two that were started for one attempt, the second does nothing.
if (claim(folder)) watch(folder, start(folder, launch), launch)
