import { checkBoundaries } from '../../boundaries/check.ts'
import { repository } from '../repository.ts'
import { runTool } from './run-tool.ts'
import { failed, type Part, passed, runParts, type Tally } from './tally.ts'

/** Fewer modules than this and dependency-cruiser did not read the sources; then it would pass whatever they import. */
const LEAST_MODULES = 300

const QUIET = { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }
const tallyOf = (exitCode: number): Tally => (exitCode === 0 ? passed : failed)

const typesOptions = ['run', 'typecheck', '--concurrency=2', '--continue', '--output-logs=errors-only', '--ui=stream']

async function boundaries(): Promise<Tally> {
  const { modules, violations } = await checkBoundaries(repository, ['packages', 'apps', 'runners'])
  for (const { rule, from, to } of violations) process.stdout.write(`${rule}: ${from} -> ${to}\n`)
  process.stdout.write(`${modules} modules, ${violations.length} arrows that climb\n`)
  if (modules >= LEAST_MODULES) return tallyOf(violations.length)
  process.stdout.write(`Only ${modules} modules were read; there are at least ${LEAST_MODULES}\n`)
  return failed
}

export const checkParts: readonly Part[] = [
  { name: 'types', run: async () => tallyOf(await runTool('.bin/turbo', typesOptions, QUIET)) },
  { name: 'format', run: async () => tallyOf(await runTool('.bin/biome', ['ci', '.'])) },
  { name: 'lint', run: async () => tallyOf(await runTool('.bin/oxlint', ['--type-aware', '--deny-warnings'])) },
  { name: 'boundaries', run: boundaries },
]

/** Types, format, lint and boundaries; no test. */
export async function check(): Promise<number> {
  return runParts(checkParts)
}
