/**
 * `npm run bench -- tracking`: a real MLflow server from PyPI beside ours, both on one PostgreSQL and the loopback, asked
 * by turns. Prints times, ratios, SQL statements and memory; `--python <path>` names a Python that has mlflow and psycopg2.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { anyFreePort } from '../../../bootstrap/ports.mjs'
import { startPostgres } from '../../../bootstrap/postgres.mjs'
import { onInterrupt } from '../../stack/interrupt.ts'
import { Log } from '../../stack/log.ts'
import { type Client, clientOf } from './client.ts'
import { CONTESTS, experimentNamed, MANY, THOUSAND } from './contests.ts'
import { artifactsOf, crowd, shuffledWriters } from './loads.ts'
import { measure, printOutcome } from './measure.ts'
import { pythonWithMlflow } from './peer.ts'
import { peakBytes, startOurs, startTheirs } from './servers.ts'
import { openSql, type Sql } from './sql.ts'
import type { StatementLog } from './statements.ts'

const MB = 1_048_576
const MEMORY_GOAL_MB = 300
const THEIR_DATABASE = 'mlflow'

export async function tracking(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { python: { type: 'string' } } })
  const found = values.python === undefined ? await pythonWithMlflow() : { python: values.python }
  if ('missing' in found) {
    process.stdout.write(`SKIPPED: MLflow's server cannot be had here: ${found.missing}\n`)
    return 0
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'modelyard-bench-'))
  // When we are root PostgreSQL runs as another user, who must be able to enter.
  chmodSync(dataDir, 0o711)
  try {
    return await inFolder(dataDir, found.python)
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function inFolder(dataDir: string, python: string): Promise<number> {
  const log = new Log({ dataDir, colour: false })
  log.quieten(['ours', 'theirs', 'first-run'])
  const postgres = await startPostgres({ home: join(dataDir, 'postgres') })
  const sql = openSql(python)
  const stops: (() => Promise<unknown>)[] = [() => postgres.stop()]
  try {
    await sql.execute(postgres.adminUrl, [`create database ${THEIR_DATABASE}`])
    const place = { dataDir, log }
    const databaseUrl = postgres.adminUrl.replace(/\/postgres$/, `/${THEIR_DATABASE}`)
    const workers = availableParallelism()
    const theirs = await startTheirs({ ...place, python, workers, databaseUrl, port: await anyFreePort() })
    stops.unshift(theirs.stop)
    const ours = await startOurs({ ...place, databaseUrl: postgres.url, port: await anyFreePort() })
    stops.unshift(ours.stop)
    const { adminUrl, logFile, identity } = postgres
    const statements: StatementLog = { sql, adminUrl, logFile, postgresPid: identity.pid }
    const peaks = new Map<string, number | null>()
    const told = (what: string) => void peaks.set(what, peakBytes(ours.pid))
    const both = { ours: clientOf(ours), theirs: clientOf(theirs) }
    await Promise.race([compete(both, { statements, dataDir, told }), interrupted()])
    return sayMemory(peaks) ? 0 : 1
  } finally {
    sql.stop()
    for (const stop of stops) await stop()
  }
}

/** Fails when a person gives up, so that all that was started is stopped. */
function interrupted(): Promise<never> {
  return new Promise((_, reject) =>
    onInterrupt({ first: () => reject(new Error('interrupted')), second: () => process.exit(130) }),
  )
}

async function compete(
  both: { ours: Client; theirs: Client },
  { statements, dataDir, told }: { statements: StatementLog; dataDir: string; told: (what: string) => void },
): Promise<void> {
  for (const client of [both.ours, both.theirs]) await seedRuns(statements.sql, client)
  for (const contest of CONTESTS) {
    printOutcome(await measure(contest, both, statements))
    told(contest.name)
  }
  printOutcome(await crowd(both, statements.postgresPid))
  told('the crowd')
  for (const client of [both.ours, both.theirs]) process.stdout.write(`${await shuffledWriters(client)}\n`)
  told('the writers')
  for (const outcome of await artifactsOf(both, dataDir)) printOutcome(outcome)
  told('the artifacts')
}

async function seedRuns(sql: Sql, client: Client): Promise<void> {
  const { side, databaseUrl: url } = client.server
  for (const [name, runs] of [
    [THOUSAND, 1000],
    [MANY, 30_000],
  ] as const) {
    await sql.seed({ url, side, runs, experiment: await experimentNamed(client, name) })
  }
}

/** Whether ours stayed below what it may hold, through everything; and after what it held more than before. */
function sayMemory(peaks: ReadonlyMap<string, number | null>): boolean {
  let most = 0
  const grew: string[] = []
  for (const [what, bytes] of peaks) {
    const held = Math.round((bytes ?? 0) / MB)
    if (held > most) grew.push(`${held} after ${what}`)
    most = Math.max(most, held)
  }
  const met = most <= MEMORY_GOAL_MB
  const verdict = met ? 'goal met' : 'GOAL MISSED'
  process.stdout.write(
    `most memory our api ever held: ${most} MB (goal <= ${MEMORY_GOAL_MB}) ${verdict}: ${grew.join(', ')}\n`,
  )
  return met
}
