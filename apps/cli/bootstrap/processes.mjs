// Who is alive, said by pid AND start time: a pid alone may by now belong to somebody else.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** @typedef {{ pid: number, startTime: string }} ProcessIdentity */

/**
 * The kernel's start time of a live process: clock ticks since boot on Linux, `ps` date elsewhere.
 * @param {number} pid
 * @returns {string | undefined} undefined when there is no such process or only its zombie is left
 */
export function startTimeOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
  } catch {
    return process.platform === 'linux' ? undefined : startTimeFromPs(pid)
  }
}

/** @param {number} pid */
function startTimeFromPs(pid) {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
  } catch {
    return undefined
  }
}

/**
 * @param {number} pid
 * @returns {ProcessIdentity | undefined}
 */
export function identify(pid) {
  const startTime = startTimeOf(pid)
  return startTime === undefined ? undefined : { pid, startTime }
}

/** @param {ProcessIdentity} identity */
export function isAlive(identity) {
  return startTimeOf(identity.pid) === identity.startTime
}

/**
 * The command line, arguments joined by blanks; empty where the system does not tell.
 * @param {number} pid
 */
export function commandLineOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}

/**
 * Sends a signal to a process, or with a negative pid to its whole group. Gone already is fine.
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
export function send(pid, signal) {
  try {
    process.kill(pid, signal)
    return true
  } catch {
    return false
  }
}

/**
 * Waits until a condition holds.
 * @param {() => boolean | Promise<boolean>} condition
 * @param {number} limitMs
 * @returns {Promise<boolean>} false when the limit came first
 */
export async function until(condition, limitMs) {
  const deadline = Date.now() + limitMs
  for (;;) {
    if (await condition()) return true
    if (Date.now() >= deadline) return false
    await sleep(25)
  }
}

/**
 * Ends a process group led by `identity`: SIGTERM, then SIGKILL when it is still there after `graceMs`.
 * @param {ProcessIdentity} identity
 * @param {number} graceMs
 */
export async function endGroup(identity, graceMs) {
  if (!isAlive(identity)) return
  send(-identity.pid, 'SIGTERM')
  if (!(await until(() => !isAlive(identity), graceMs))) send(-identity.pid, 'SIGKILL')
  await until(() => !isAlive(identity), 5_000)
}
