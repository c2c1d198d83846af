import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../arguments.ts'
import { repository } from '../repository.ts'
import { runTool } from './run-tool.ts'

function benches(): string[] {
  const packages = join(repository, 'packages')
  return readdirSync(packages).filter((name) => existsSync(join(packages, name, 'bench/main.ts')))
}

/** `npm run bench -- <name> [args]`: runs `packages/<name>/bench/main.ts`, which reads its own arguments. */
export async function bench([name, ...args]: readonly string[]): Promise<number> {
  const known = benches()
  if (name === undefined || !known.includes(name)) {
    throw new UsageError(`Name a bench: npm run bench -- <${known.join('|') || 'none here yet'}> [args]`)
  }
  return runTool(join(repository, 'packages', name, 'bench/main.ts'), args)
}
