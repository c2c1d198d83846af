/**
 * `npm run bench -- tracking`: a real MLflow server from PyPI beside ours, both on one PostgreSQL and the loopback, asked
 * by turns. Prints times, ratios, SQL statements and memory as the tables of docs/measurements.md; a goal that is missed is
 * said there and is no failure. `--only <rows>` measures some of them, named with commas between; `--python <path>` names a
 * Python that has mlflow and psycopg2.
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
import { experimentNamed, MANY, THOUSAND } from './contests.ts'
import { findPeer, type Peer } from './peer.ts'
import { Report } from './report.ts'
import { type Arena, type Row, rowsNamed } from './rows.ts'
import { peakBytes, startOurs, startTheirs } from './servers.ts'
import { openSql, type Sql } from './sql.ts'
import type { StatementLog } from './statements.ts'

const MB = 1_048_576
const MEMORY_GOAL_MB = 300
const THEIR_DATABASE = 'mlflow'

const say = (line: string) => void process.stdout.write(`${line}\n`)

export async function tracking(args: readonly string[]): Promise<number> {
  const options = { python: { type: 'string' }, only: { type: 'string' } } as const
  const { values } = parseArgs({ args: [...args], options })
  const rows = rowsNamed(values.only)
  const peer = await findPeer(values.python, say)
  if ('missing' in peer) {
    say(`SKIPPED: MLflow's server cannot be had here: ${peer.missing}`)
    return 0
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'modelyard-bench-'))
  // When we are root PostgreSQL runs as another user, who must be able to enter.
  chmodSync(dataDir, 0o711)
  try {
    return await inFolder(dataDir, { peer, rows })
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function inFolder(dataDir: string, { peer, rows }: { peer: Peer; rows: readonly Row[] }): Promise<number> {
  const { python, versions } = peer
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
    const both = { ours: clientOf(ours), theirs: clientOf(theirs) }
    say(`${versions}, Node ${process.versions.node}, ${workers} cores\n`)
    await Promise.race([compete(rows, { both, statements, dataDir, python }), interrupted()])
    return 0
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

async function compete(rows: readonly Row[], arena: Arena): Promise<void> {
  const { both, statements } = arena
  const seeded = rows.some(({ isSearch }) => isSearch)
  if (seeded) for (const client of [both.ours, both.theirs]) await seedRuns(statements.sql, client)
  const report = new Report(say)
  const peaks: [string, number][] = []
  for (const row of rows) {
    await row.measure(arena, report)
    peaks.push([row.id, peakBytes(both.ours.server.pid) ?? 0])
  }
  tellMemory(report, peaks)
  report.end()
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
function tellMemory(report: Report, peaks: readonly [string, number][]): void {
  let most = 0
  const grew: string[] = []
  for (const [row, bytes] of peaks) {
    const held = Math.round(bytes / MB)
    if (held > most) grew.push(`${held} after ${row}`)
    most = Math.max(most, held)
  }
  const goal = `< ${MEMORY_GOAL_MB} MB`
  report.finding({
    what: 'most memory the server ever held',
    theirs: '-',
    ours: `${most} MB`,
    goal,
    met: most < MEMORY_GOAL_MB,
  })
  report.note(`Memory of ours in MB, each time it was more than before: ${grew.join(', ')}.`)
}
