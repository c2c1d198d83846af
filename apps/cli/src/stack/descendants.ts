import { readdirSync, readFileSync } from 'node:fs'
import { identify, type ProcessIdentity } from '../../bootstrap/processes.mjs'

/** Parent of every process, as `/proc` tells; empty on systems without it. */
function parents(): Map<number, number> {
  const found = new Map<number, number>()
  for (const name of process.platform === 'linux' ? readdirSync('/proc') : []) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      found.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // Ended between the listing and the reading.
    }
  }
  return found
}

/** Every live process below the given ones, which are included when alive. */
export function withDescendants(roots: readonly number[]): ProcessIdentity[] {
  const parentOf = parents()
  const members = new Set(roots)
  let grown = true
  while (grown) {
    grown = false
    for (const [pid, parent] of parentOf) {
      if (members.has(parent) && !members.has(pid)) {
        members.add(pid)
        grown = true
      }
    }
  }
  return [...members].map(identify).filter((identity) => identity !== undefined)
}

/** Memory of a process in bytes: its proportional share of what it maps, so that shared pages count once. */
export function proportionalBytes(pid: number): number {
  try {
    const match = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))
    return Number(match?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
