#!/usr/bin/env node
// The first step of every command. Runs on whatever Node the machine has (20.19 or newer) and before anything is
// installed, so it may import nothing but Node itself; the rest runs on the Node 24 that npm carries.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureInstalled } from './install.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
const entry = join(root, 'apps/cli/src/main.ts')

/** The Node 24 among the installed packages; where npm carries none (macOS), the user's own must do. */
function carriedNode() {
  const carried = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin/node')
  if (existsSync(carried)) return carried
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  throw new Error(`Node 24 is not carried for ${process.platform}-${process.arch}; install Node 24 and run this again`)
}

/** @param {string} node */
function continueUnder(node) {
  process.env.PATH = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter)
  if (process.execPath === node) return import(entry)
  const child = spawn(node, [entry, ...process.argv.slice(2)], { stdio: 'inherit' })
  // The child ends by itself and in order; this process only waits for it.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal))
  child.once('error', fail)
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? (signal ? 1 : 0)
  })
  return undefined
}

/** @param {unknown} error */
function fail(error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

try {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    throw new Error(`Node 20.19 or newer is needed, this is ${process.version}`)
  await ensureInstalled(root)
  await continueUnder(carriedNode())
} catch (error) {
  fail(error)
}
