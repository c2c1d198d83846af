import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { callersEnvironment } from '../env.ts'
import { repository } from '../repository.ts'

/**
 * Runs a tool in the repository's root with its output on this terminal.
 * @param program a path of `node_modules` or an absolute one (a script is run with this Node), or a program of the machine
 * @returns its exit code; 127 when it could not be started
 */
export function runTool(program: string, args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  const isScript = /\.[cm]?[jt]s$/.test(program)
  const path = program.includes('/') ? resolve(repository, 'node_modules', program) : program
  const child = spawn(isScript ? process.execPath : path, isScript ? [path, ...args] : args, {
    cwd: repository,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...callersEnvironment(), ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }), ...env },
  })
  return new Promise((resolve) => {
    child.once('error', () => resolve(127))
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
