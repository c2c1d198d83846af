import { createRequire } from 'node:module'
import { join } from 'node:path'
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser'
import { repository } from '../src/repository.ts'

export type Boundaries = {
  /** Own source files read. Far fewer than there are means that the tool could not read them, and then it judges nothing. */
  modules: number
  /** `rule: from -> to` of every arrow that climbs. */
  violations: { rule: string; from: string; to: string }[]
}

const config = createRequire(import.meta.url)(join(repository, '.dependency-cruiser.cjs')) as {
  forbidden: { name: string }[]
  options: ICruiseOptions
}

export const ruleNames: string[] = config.forbidden.map(({ name }) => name)

/** Holds every import below `baseDir` against the floors. */
export async function checkBoundaries(baseDir: string, folders: string[]): Promise<Boundaries> {
  const exclude = baseDir === repository ? config.options.exclude : undefined
  const { output } = await cruise(folders, {
    ...config.options,
    ...(exclude ? { exclude } : { exclude: '' }),
    baseDir,
    validate: true,
    ruleSet: { forbidden: config.forbidden },
  } as ICruiseOptions)
  const { modules, summary } = output as ICruiseResult
  return {
    modules: modules.filter(({ source }) => /^(packages|apps|runners)\//.test(source)).length,
    violations: summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  }
}
