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
  const version = spawnSync('python3', ['-c', 'import sys, venv, ensurepip; print(sys.version_info >= (3, 10))'])
  if (!String(version.stdout).includes('True')) return { reason: 'there is no Python 3.10 with venv here' }
  rmSync(home, { recursive: true, force: true })
  mkdirSync(cache, { recursive: true })
  await run('python3', ['-m', 'venv', home], { timeout: INSTALL_MS })
  try {
    await run(python, ['-m', 'pip', 'install', '-q', '--retries', '1', ...packages], { timeout: INSTALL_MS })
  } catch (error) {
    // pip itself knows which index, mirror and proxy it is to use; when it reaches none it says so in these words.
    if (/connection|resol(?:ve|ution)|No matching distribution/i.test(String(error)))
      return { reason: 'PyPI cannot be reached from here' }
    throw error
  }
  writeFileSync(whole, packages.join('\n'))
  return { python }
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
