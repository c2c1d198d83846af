/** The last good snapshot on disk: whole or not there, and the one before it in reserve. */
import { createHash } from 'node:crypto'
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Snapshot } from '@modelyard/contracts/gateway'
import type { Log } from '../log.ts'

const CURRENT = 'snapshot.json'
const PREVIOUS = 'snapshot.previous.json'

const digest = (text: string) => createHash('sha256').update(text).digest('hex')

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Writes beside the target, forces it to disk, and swaps names: a crash at any moment leaves the old or the new whole. */
export async function writeAtomically(dir: string, name: string, bytes: string | Uint8Array): Promise<void> {
  const draft = join(dir, `.${name}.${process.pid}.draft`)
  const handle = await open(draft, 'w', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, join(dir, name))
  await sync(dir)
}

/** Keeps the one before, so that a damaged file costs one generation and not the service. */
export async function saveSnapshot(dir: string, snapshot: Snapshot): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const text = JSON.stringify(snapshot)
  // A second name, not a new one: the current file is never missing.
  await rm(join(dir, PREVIOUS), { force: true })
  await link(join(dir, CURRENT), join(dir, PREVIOUS)).catch(() => undefined)
  await writeAtomically(dir, CURRENT, JSON.stringify({ sha256: digest(text), text }))
}

async function readOne(path: string): Promise<Snapshot> {
  const { sha256, text } = JSON.parse(await readFile(path, 'utf8')) as { sha256: string; text: string }
  if (digest(text) !== sha256) throw new Error('the snapshot does not have its hash')
  return Snapshot.parse(JSON.parse(text))
}

/** The newest whole snapshot, or null when there is none. */
export async function loadSnapshot(dir: string, log: Log): Promise<Snapshot | null> {
  for (const name of [CURRENT, PREVIOUS]) {
    try {
      return await readOne(join(dir, name))
    } catch (error) {
      const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
      if (!missing) log.error({ err: error, file: name }, 'a snapshot on disk cannot be used')
    }
  }
  return null
}
