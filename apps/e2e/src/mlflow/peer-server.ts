import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from './python.ts'

const READY_MS = 90_000

export type PeerServer = { url: string; stop: () => Promise<void> }

/** MLflow's own server over SQLite, with its artifacts, in a folder. */
export async function startPeer(client: Client, { home, port }: { home: string; port: number }): Promise<PeerServer> {
  const store = ['--backend-store-uri', `sqlite:///${join(home, 'mlflow.db')}`]
  const artifacts = ['--artifacts-destination', join(home, 'artifacts')]
  const address = ['--host', '127.0.0.1', '--port', String(port), '--workers', '1']
  const { PATH = '' } = process.env
  const child = spawn(client.python, ['-m', 'mlflow', 'server', ...store, ...artifacts, ...address], {
    cwd: home,
    env: { PATH, HOME: home, MLFLOW_DISABLE_TELEMETRY: 'true', MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' },
    stdio: 'ignore',
    detached: true,
  })
  const url = `http://127.0.0.1:${port}`
  for (const until = Date.now() + READY_MS; !(await answers(url)); await sleep(200)) {
    if (child.exitCode === null && Date.now() < until) continue
    await end(child)
    throw new Error("MLflow's server does not answer")
  }
  return { url, stop: () => end(child) }
}

const answers = (url: string) =>
  fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  )

/** With its workers, which are in a process group of their own. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return
  const ended = once(child, 'close')
  process.kill(-child.pid, 'SIGKILL')
  await ended
}
