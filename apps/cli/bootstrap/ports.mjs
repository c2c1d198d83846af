// Ports on loopback: free or not, and whose.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { commandLineOf } from './processes.mjs'

/**
 * Binds for a moment to learn whether a port is free; with 0 the kernel picks one.
 * @param {number} port
 * @returns {Promise<number | undefined>} the port, or undefined when it is taken
 */
function probe(port) {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined))
    })
  })
}

/** @param {number} port */
export async function isFree(port) {
  return (await probe(port)) !== undefined
}

/** A port the kernel says is free now. */
export async function anyFreePort() {
  const port = await probe(0)
  if (port === undefined) throw new Error('No free TCP port on 127.0.0.1')
  return port
}

/**
 * The wanted port when free, else the same port in the next blocks of ten (so that a second copy stays guessable),
 * else whatever the kernel gives.
 * @param {number} wanted
 * @param {Set<number>} [reserved] ports promised to others already
 */
export async function choosePort(wanted, reserved = new Set()) {
  for (let step = 0; step < 20; step += 1) {
    const port = wanted + step * 10
    if (port < 65_536 && !reserved.has(port) && (await isFree(port))) return port
  }
  return anyFreePort()
}

/**
 * Whether something accepts connections on 127.0.0.1.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    const done = (/** @type {boolean} */ answer) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(1_000, () => done(false))
    socket.once('connect', () => done(true))
    socket.once('error', () => done(false))
  })
}

/** @param {number} port */
function listeningInode(port) {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readFileSync(table, 'utf8').split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/)
      if (fields[1]?.endsWith(suffix) && fields[3] === '0A') return fields[9]
    }
  }
  return undefined
}

/**
 * @param {string} pid
 * @param {string} target
 */
function holds(pid, target) {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`) === target
      } catch {
        return false
      }
    })
  } catch {
    return false
  }
}

/**
 * Who listens on a port, as a phrase for people.
 * @param {number} port
 * @returns {string | undefined} undefined where the system does not tell
 */
export function ownerOf(port) {
  try {
    const inode = listeningInode(port)
    if (inode === undefined) return undefined
    const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holds(name, `socket:[${inode}]`))
    return pid === undefined ? undefined : `pid ${pid} (${commandLineOf(Number(pid)).slice(0, 80)})`
  } catch {
    return undefined
  }
}
