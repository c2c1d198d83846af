import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { repository } from '../../repository.ts'

const run = promisify(execFile)
const PACKAGES = ['mlflow==3.17.2', 'psycopg2-binary==2.9.13']
const INSTALL_MS = 900_000

/** Python with MLflow's server and a driver of PostgreSQL, from PyPI, kept in a folder that git ignores. */
export async function pythonWithMlflow(): Promise<{ python: string } | { missing: string }> {
  const home = join(repository, '.modelyard/bench', PACKAGES.join('_').replaceAll('=', ''))
  const [python, whole] = [join(home, 'bin/python'), join(home, 'whole')]
  if (existsSync(whole)) return { python }
  try {
    const answer = await fetch('https://pypi.org/simple/mlflow/', {
      method: 'HEAD',
      signal: AbortSignal.timeout(10_000),
    })
    if (!answer.ok) return { missing: `PyPI answers ${answer.status}` }
    process.stdout.write(`installing ${PACKAGES.join(' and ')} (once, some minutes)\n`)
    rmSync(home, { recursive: true, force: true })
    mkdirSync(home, { recursive: true })
    await run('python3', ['-m', 'venv', home], { timeout: INSTALL_MS })
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES], {
      timeout: INSTALL_MS,
    })
    writeFileSync(whole, '')
    return { python }
  } catch (error) {
    return { missing: (error as Error).message.split('\n')[0] ?? 'it does not install' }
  }
}
