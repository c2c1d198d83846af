import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { accepts, anyFreePort } from '../../bootstrap/ports.mjs'
import { endGroup, identify } from '../../bootstrap/processes.mjs'
import { callersEnvironment } from '../env.ts'
import { runTool } from './run-tool.ts'

/** Programs that tests need and npm does not bring: found on the machine, else installed where that is possible. */

function onPath(name: string): string | undefined {
  const folders = [...(callersEnvironment().PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin']
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

function mayUseApt(): boolean {
  return process.getuid?.() === 0 && onPath('apt-get') !== undefined
}

async function fromDebian(name: string): Promise<boolean> {
  if (!mayUseApt()) return false
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const args = ['install', '-y', '-qq', '--no-install-recommends', name]
  process.stdout.write(`installing ${name} from the distribution ...\n`)
  if ((await runTool('apt-get', args, env)) === 0) return true
  process.stdout.write(`the package lists may be absent or old: fetching them, then ${name} once more ...\n`)
  return (await runTool('apt-get', ['update', '-qq'], env)) === 0 && (await runTool('apt-get', args, env)) === 0
}

/** Where Playwright keeps the browser it downloads, if it has one. */
async function playwrightsOwn(): Promise<string | undefined> {
  const { chromium } = await import('playwright')
  const path = chromium.executablePath()
  return existsSync(path) ? path : undefined
}

/** The path of a Chromium; undefined when there is none and none can be installed. */
export async function findChromium(): Promise<string | undefined> {
  const present =
    onPath('chromium') ?? onPath('chromium-browser') ?? onPath('google-chrome') ?? (await playwrightsOwn())
  if (present) return present
  if (await fromDebian('chromium')) return onPath('chromium')
  // A distribution without a Chromium of its own (Ubuntu) still has the libraries that Playwright's needs.
  await runTool('playwright/cli.js', ['install', ...(mayUseApt() ? ['--with-deps'] : []), 'chromium'])
  return playwrightsOwn()
}

export type TestRedis = { url: string; stop: () => Promise<void> }

/** A Redis for the queue's tests on a free port, keeping nothing; undefined when the machine has none. */
export async function startRedis(): Promise<TestRedis | undefined> {
  const program = onPath('redis-server') ?? ((await fromDebian('redis-server')) ? onPath('redis-server') : undefined)
  if (!program) return undefined
  const port = await anyFreePort()
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', '/tmp']
  const child = spawn(program, [...args, '--maxmemory-policy', 'noeviction'], { detached: true, stdio: 'ignore' })
  const identity = child.pid === undefined ? undefined : identify(child.pid)
  for (let tries = 0; tries < 100 && !(await accepts(port)); tries += 1) await sleep(50)
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      if (identity) await endGroup(identity, 3_000)
    },
  }
}
