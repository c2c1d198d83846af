import { UsageError } from '../../arguments.ts'
import { artifactsOf } from './artifacts.ts'
import type { Both } from './client.ts'
import { CONTESTS } from './contests.ts'
import { crowd, shuffledWriters } from './loads.ts'
import { measure } from './measure.ts'
import { byPythonClient } from './python-client.ts'
import type { Report } from './report.ts'
import type { StatementLog } from './statements.ts'

export type Arena = { both: Both; statements: StatementLog; dataDir: string; python: string }

/** What `--only` can name: one or a few rows of the tables. */
export type Row = {
  id: string
  /** Whether it searches the runs that are there before. */
  isSearch?: boolean
  measure: (arena: Arena, report: Report) => Promise<void>
}

const contests = CONTESTS.map(
  (contest): Row => ({
    ...contest,
    measure: async ({ both, statements }, report) => report.row(await measure(contest, both, statements)),
  }),
)

export const ROWS: readonly Row[] = [
  ...contests,
  {
    id: 'python-client',
    measure: async ({ both, statements: { postgresPid }, python }, report) =>
      report.row(await byPythonClient(both, { python, postgresPid })),
  },
  {
    id: 'crowd',
    isSearch: true,
    measure: async ({ both, statements }, report) => {
      const { failed, ...outcome } = await crowd(both, statements.postgresPid)
      report.row(outcome)
      if (failed > 0) report.note(`MLflow's server failed ${failed} searches of the crowd, which count as answered.`)
    },
  },
  {
    id: 'artifacts',
    measure: async ({ both, dataDir }, report) => {
      for (const outcome of await artifactsOf(both, dataDir)) report.row(outcome)
    },
  },
  { id: 'writers', measure: async ({ both }, report) => report.finding(await shuffledWriters(both)) },
]

/** The rows that a list with commas names, all when there is none. @throws UsageError for a name that is none */
export function rowsNamed(only: string | undefined): readonly Row[] {
  if (only === undefined) return ROWS
  const names = only.split(',').map((name) => name.trim())
  const strange = names.find((name) => !ROWS.some(({ id }) => id === name))
  if (strange === undefined) return ROWS.filter(({ id }) => names.includes(id))
  throw new UsageError(`There is no row "${strange}"; --only takes ${ROWS.map(({ id }) => id).join(',')}`)
}
