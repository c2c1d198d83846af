import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { repository } from '../../repository.ts'

const run = promisify(execFile)
/** What was measured before, so that numbers can be compared; an index that lacks some of it gives what it has. */
const PINNED = ['mlflow==3.17.2', 'psycopg2-binary==2.9.13']
const NEWEST = ['mlflow>=3,<4', 'psycopg2-binary']
const INDEX = 'https://pypi.org/simple/mlflow/'
const INSTALL_MS = 900_000
const VERSIONS = `
import platform
from importlib.metadata import version
print(f"MLflow {version('mlflow')}, psycopg2 {version('psycopg2-binary')}, Python {platform.python_version()}", end="")`

/** `versions`: what there is, in words. */
export type Peer = { python: string; versions: string }

/**
 * A Python with MLflow's server and a driver of PostgreSQL: the one that is named, or one from PyPI, kept in a folder that
 * git ignores. Why there is none, where there is none.
 */
export async function findPeer(
  named: string | undefined,
  say: (line: string) => void,
): Promise<Peer | { missing: string }> {
  try {
    const python = named ?? (await installed(say))
    return { python, versions: (await run(python, ['-c', VERSIONS])).stdout }
  } catch (error) {
    return { missing: lastLine(error) }
  }
}

async function installed(say: (line: string) => void): Promise<string> {
  const home = join(repository, '.modelyard/bench', PINNED.join('_').replaceAll('=', ''))
  const [python, whole] = [join(home, 'bin/python'), join(home, 'whole')]
  if (existsSync(whole)) return python
  const answer = await fetch(INDEX, { method: 'HEAD', signal: AbortSignal.timeout(10_000) })
  if (!answer.ok) throw new Error(`PyPI answers ${answer.status}`)
  say(`installing ${PINNED.join(' and ')} (once, some minutes)`)
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home, { recursive: true })
  await run('python3', ['-m', 'venv', home], { timeout: INSTALL_MS })
  await install(python, PINNED).catch((error: unknown) => {
    say(`it does not install, so the newest that does: ${lastLine(error)}`)
    return install(python, NEWEST)
  })
  writeFileSync(whole, '')
  return python
}

async function install(python: string, packages: readonly string[]): Promise<void> {
  const quietly = ['--quiet', '--disable-pip-version-check']
  await run(python, ['-m', 'pip', 'install', ...quietly, ...packages], { timeout: INSTALL_MS })
}

/** What a program said last before it failed, which is where pip and Python say why. */
function lastLine(error: unknown): string {
  const { message, stderr = '' } = error as Error & { stderr?: string }
  const said = stderr.split('\n').filter((line) => line.trim() !== '')
  return said.at(-1) ?? message.split('\n')[0] ?? 'it does not install'
}
