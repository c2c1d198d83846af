import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { releaseClaim, tryClaim } from '../../bootstrap/claim.mjs'
import { isAlive, type ProcessIdentity, send, until } from '../../bootstrap/processes.mjs'
import { writePrivately } from './private-file.ts'

/** What is running for a data folder: enough to find it again after `kill -9` of the supervisor. */
export type RunRecord = {
  supervisor: ProcessIdentity
  startedAt: string
  ports: Record<string, number>
  /** Services and all they started, except PostgreSQL, which is adopted and not ended. */
  processes: (ProcessIdentity & { name: string })[]
}

export class AlreadyRunning extends Error {}

const runFile = (dataDir: string): string => join(dataDir, 'run.json')
const lockFile = (dataDir: string): string => join(dataDir, 'lock.json')

/** @throws AlreadyRunning naming the live supervisor that owns the data folder */
export async function claimDataDir(dataDir: string): Promise<void> {
  const owner = await tryClaim(lockFile(dataDir))
  if (owner) {
    throw new AlreadyRunning(
      `Modelyard already runs on ${dataDir} (pid ${owner.pid}). Stop it first, or choose another --data`,
    )
  }
}

/** Ends what a supervisor that died left behind; a process is known by pid and start time, never by name. */
export async function endLeftovers(dataDir: string): Promise<string[]> {
  const file = runFile(dataDir)
  if (!existsSync(file)) return []
  const left = await endProcesses(readRun(file).processes, 3_000)
  return left.map(({ name, pid }) => `${name} (pid ${pid})`)
}

/**
 * SIGTERM to those that live, SIGKILL to those that stay.
 * @returns those that lived
 */
export async function endProcesses<T extends ProcessIdentity>(processes: readonly T[], graceMs: number): Promise<T[]> {
  const left = processes.filter(isAlive)
  for (const { pid } of left) send(pid, 'SIGTERM')
  if (!(await until(() => !left.some(isAlive), graceMs))) {
    for (const identity of left) if (isAlive(identity)) send(identity.pid, 'SIGKILL')
    await until(() => !left.some(isAlive), 5_000)
  }
  return left
}

function readRun(file: string): Pick<RunRecord, 'processes'> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunRecord
  } catch {
    return { processes: [] }
  }
}

export function recordRun(dataDir: string, record: RunRecord): void {
  writePrivately(runFile(dataDir), record)
}

export function forgetRun(dataDir: string): void {
  rmSync(runFile(dataDir), { force: true })
  releaseClaim(lockFile(dataDir))
}
