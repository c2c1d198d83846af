import { readFileSync } from 'node:fs'
import { hostname, uptime } from 'node:os'
import { z } from 'zod'

/** A process that can be told from a later one with the same number. */
export const ProcessIdentity = z.object({ pid: z.number().int().positive(), startedAt: z.string() })
export type ProcessIdentity = z.infer<typeof ProcessIdentity>

/** Start time in clock ticks since boot, from `/proc`; empty on systems without it, where the number alone must do. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : (fields[19] ?? '')
  } catch {
    return process.platform === 'linux' ? null : ''
  }
}

export function identify(pid: number): ProcessIdentity {
  return { pid, startedAt: startOf(pid) ?? '' }
}

export function isAlive({ pid, startedAt }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  return startOf(pid) === startedAt
}

/** Signal a process or, with a negative number, its group; one that is gone is no error. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Changes when the machine boots; without the kernel's own id, the minute it booted in. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return `${hostname().slice(0, 40)}-${Math.round((Date.now() / 1000 - uptime()) / 60)}`
  }
}

/** Milliseconds on the clock that all processes of one boot share and nobody can set. */
export const monotonicMs = (): number => Number(process.hrtime.bigint() / 1_000_000n)
