import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../arguments.ts'
import { repository } from '../repository.ts'
import { runTool } from './run-tool.ts'

function benches(): string[] {
  const packages = join(repository, 'packages')
  return readdirSync(packages).filter((name) => existsSync(join(packages, name, 'bench/main.ts')))
}

/** Benches of the whole product, which start its processes. */
const OF_PRODUCT: Record<string, () => Promise<(args: readonly string[]) => Promise<number>>> = {
  tracking: async () => (await import('../bench/tracking/main.ts')).tracking,
}

/** `npm run bench -- <name> [args]`: one of the product, or `packages/<name>/bench/main.ts`; both read their own arguments. */
export async function bench([name, ...args]: readonly string[]): Promise<number> {
  const load = name === undefined ? undefined : OF_PRODUCT[name]
  if (load) return (await load())(args)
  const known = benches()
  if (name === undefined || !known.includes(name)) {
    const all = [...known, ...Object.keys(OF_PRODUCT)]
    throw new UsageError(`Name a bench: npm run bench -- <${all.join('|')}> [args]`)
  }
  return runTool(join(repository, 'packages', name, 'bench/main.ts'), args)
}
