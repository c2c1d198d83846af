import { execFile, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const cache = fileURLToPath(new URL('../../../../.modelyard/mlflow-clients', import.meta.url))
const scripts = fileURLToPath(new URL('./scripts', import.meta.url))
const INSTALL_MS = 540_000
const SCRIPT_MS = 240_000

/** The Python of a virtual environment. */
export type Client = { python: string }
/** Why there is none. */
export type Absent = { reason: string }

/**
 * A virtual environment with these packages from PyPI, made once and kept in a folder that git ignores. Where Python or
 * PyPI lacks, the reason, for the test to say.
 */
export async function clientOf(packages: readonly string[]): Promise<Client | Absent> {
  const home = join(cache, createHash('sha256').update(packages.join('\n')).digest('hex').slice(0, 16))
  const [python, whole] = [join(home, 'bin/python'), join(home, 'whole')]
  if (existsSync(whole)) return { python }
  const missing = await reasonAgainstInstalling()
  if (missing !== null) return { reason: missing }
  rmSync(home, { recursive: true, force: true })
  mkdirSync(cache, { recursive: true })
  await run('python3', ['-m', 'venv', home], { timeout: INSTALL_MS })
  await run(python, ['-m', 'pip', 'install', '--quiet', '--no-compile', ...packages], { timeout: INSTALL_MS })
  writeFileSync(whole, packages.join('\n'))
  return { python }
}

async function reasonAgainstInstalling(): Promise<string | null> {
  const version = spawnSync('python3', ['-c', 'import sys, venv, ensurepip; print(sys.version_info >= (3, 10))'])
  if (version.status !== 0 || !String(version.stdout).includes('True')) return 'there is no Python 3.10 with venv here'
  try {
    const answer = await fetch('https://pypi.org/simple/mlflow/', {
      method: 'HEAD',
      signal: AbortSignal.timeout(10_000),
    })
    return answer.ok ? null : `PyPI answers ${answer.status}`
  } catch {
    return 'PyPI cannot be reached from here'
  }
}

/** Runs a script of ours; it fails by its own assertions. Answers the JSON of its last line. */
export async function runScript(
  client: Client,
  script: string,
  call: { args: string[]; env: Record<string, string> },
): Promise<Record<string, unknown>> {
  const { PATH = '', HOME = '', TMPDIR = '/tmp' } = process.env
  // Of the caller's environment nothing that would tell the client of another server.
  const env = { PATH, HOME, TMPDIR, PYTHONWARNINGS: 'ignore', MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1', ...call.env }
  const told = await run(client.python, [join(scripts, script), ...call.args], { env, timeout: SCRIPT_MS, cwd: TMPDIR })
  const last = told.stdout.trim().split('\n').at(-1) ?? ''
  return JSON.parse(last) as Record<string, unknown>
}
