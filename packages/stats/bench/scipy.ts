import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const SCIPY = '1.17.1'
const NUMPY = '2.4.6'

export type Answer = { seconds: number; value: number; version?: string }

/** A running scipy that answers one request at a time. */
export type Scipy = { ask: (request: Record<string, unknown>) => Promise<Answer>; stop: () => void }

/** Where scipy lies, installed there on the first run; the reason in words where it cannot be had. */
function environment(): { python: string } | { missing: string } {
  const folder = join(tmpdir(), `modelyard-bench-scipy-${SCIPY}`)
  const python = join(folder, 'bin', 'python')
  const run = (program: string, args: string[]) => execFileSync(program, args, { stdio: 'pipe', timeout: 300_000 })
  try {
    if (!existsSync(python)) run('python3', ['-m', 'venv', folder])
    try {
      run(python, ['-c', 'import scipy'])
    } catch {
      run(python, [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        `scipy==${SCIPY}`,
        `numpy==${NUMPY}`,
      ])
    }
    return { python }
  } catch (error) {
    return { missing: (error as Error).message.split('\n')[0] as string }
  }
}

type Child = ChildProcessByStdio<Writable, Readable, null>

function nextLine(lines: Interface, child: Child): Promise<string> {
  return new Promise((resolve, reject) => {
    const failed = () => reject(new Error('scipy ended before it answered'))
    child.once('exit', failed)
    lines.once('line', (line) => {
      child.off('exit', failed)
      resolve(line)
    })
  })
}

/** Starts scipy, or says why it cannot. */
export function startScipy(): Scipy | { missing: string } {
  const found = environment()
  if ('missing' in found) return found
  const worker = fileURLToPath(new URL('scipy_worker.py', import.meta.url))
  const child: Child = spawn(found.python, [worker], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })
  const ask = async (request: Record<string, unknown>) => {
    const answer = nextLine(lines, child)
    child.stdin.write(`${JSON.stringify(request)}\n`)
    return JSON.parse(await answer) as Answer
  }
  return { ask, stop: () => child.stdin.end() }
}
