// A file that names its owner by pid and start time, so that a dead owner is overruled and a live one is not.
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { identify, isAlive } from './processes.mjs'

/** @typedef {import('./processes.mjs').ProcessIdentity} ProcessIdentity */

/**
 * @param {string} file
 * @returns {ProcessIdentity | undefined}
 */
function readOwner(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * Takes the claim if nobody alive holds it.
 * @param {string} file
 * @returns {Promise<ProcessIdentity | undefined>} undefined when it is ours now, else the live owner
 */
export async function tryClaim(file) {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify(identify(process.pid)))
  try {
    for (;;) {
      try {
        linkSync(draft, file)
      } catch {
        const owner = readOwner(file)
        if (owner && isAlive(owner)) return owner
        rmSync(file, { force: true })
        continue
      }
      // Two that overruled the same dead owner may remove each other's claim: the one still standing has it.
      await sleep(30)
      if (readOwner(file)?.pid === process.pid) return undefined
    }
  } finally {
    rmSync(draft, { force: true })
  }
}

/** @param {string} file */
export function releaseClaim(file) {
  if (readOwner(file)?.pid === process.pid) rmSync(file, { force: true })
}

/**
 * Does some work while holding the claim; waits for its turn.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function whileClaimed(file, work) {
  while ((await tryClaim(file)) !== undefined) await sleep(500)
  try {
    return await work()
  } finally {
    releaseClaim(file)
  }
}
