import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * The command of a recipe: `<name>/src/main.ts` (run as source), `<name>.mjs` (a bundle) or `<name>/run` (any program).
 * Null when there is none of that name.
 */
export function recipeCommand(recipesDir: string, name: string): string[] | null {
  if (!NAME.test(name)) return null
  const base = resolve(recipesDir)
  const source = join(base, name, 'src/main.ts')
  if (existsSync(source)) return [process.execPath, source]
  const bundle = join(base, `${name}.mjs`)
  if (existsSync(bundle)) return [process.execPath, bundle]
  const program = join(base, name, 'run')
  return isExecutable(program) ? [program] : null
}

/** Names of the recipes that this runner can run. */
export function listRecipes(recipesDir: string): string[] {
  if (!existsSync(recipesDir)) return []
  const names = readdirSync(recipesDir).map((name) => name.replace(/\.mjs$/, ''))
  return [...new Set(names)].filter((name) => recipeCommand(recipesDir, name) !== null).sort()
}
