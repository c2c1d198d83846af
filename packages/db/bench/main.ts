/**
 * `npm run bench -- db --database <url of a PostgreSQL whose user may create databases>`: how fast long metrics are
 * logged and charted. `--runs` (20) runs get one metric of `--points` (1,000,000) points each in a database of its own,
 * which is dropped at the end.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { sql } from 'drizzle-orm'
import pg from 'pg'
import {
  appendPoints,
  type Database,
  type Db,
  migrate,
  openDatabase,
  readHistory,
  readSeriesColumns,
  rebuildRollups,
  type SeriesArgs,
} from '../src/index.ts'

const MIGRATIONS = fileURLToPath(new URL('../../../migrations', import.meta.url))
const NAME = 'modelyard_bench_metrics'
const PROJECT = 'prj_bench'
const KEY = 'loss'
const BUCKETS = 1000
const ROUNDS = 7

type Size = { runs: number; points: number }

async function inDatabase(adminUrl: string, size: Size): Promise<void> {
  const url = new URL(adminUrl)
  url.pathname = `/${NAME}`
  await asAdmin(adminUrl, [`drop database if exists ${NAME} with (force)`, `create database ${NAME}`])
  try {
    await migrate({ databaseUrl: url.href, folder: MIGRATIONS })
    const database = openDatabase({ databaseUrl: url.href, max: 1 })
    await measure(database, size).finally(database.close)
  } finally {
    await asAdmin(adminUrl, [`drop database ${NAME} with (force)`])
  }
}

async function measure({ db, pool }: Database, { runs, points }: Size): Promise<void> {
  await report('log 1000 points of 1 metric', () => logBatch(db, 1))
  await report('log 1000 points of 1000 metrics', () => logBatch(db, 1000))
  for (let index = 0; index < runs; index++) await plant(db, { runId: runNamed(index), points })
  await pool.query('vacuum analyze')
  const runIds = Array.from({ length: runs }, (_, index) => runNamed(index))
  const chart = (more: Partial<SeriesArgs>) =>
    readSeriesColumns(db, {
      projectId: PROJECT,
      runIds: [runNamed(0)],
      keys: [KEY],
      buckets: BUCKETS,
      limit: runs,
      ...more,
    })
  const zoom = (steps: number) => ({ fromStep: BigInt(points / 2), toStep: BigInt(points / 2 + steps - 1) })
  console.log(`${runs} runs of ${points.toLocaleString('en')} points`)
  await report('chart of one', () => chart({}))
  await report(`chart of ${runs}`, () => chart({ runIds }))
  for (const steps of [100_000, 10_000, 500]) await report(`zoom to ${steps} steps`, () => chart(zoom(steps)))
  await report('a page of 25,000 points of the history', () =>
    readHistory(db, {
      projectId: PROJECT,
      runId: runNamed(0),
      key: KEY,
      after: { atMs: BigInt(points / 2), step: 0n, value: 0 },
      limit: 25_000,
    }),
  )
}

const runNamed = (index: number) => `run_bench_${index}`

let logged = 0
async function logBatch(db: Db, keys: number): Promise<void> {
  const points = Array.from({ length: 1000 }, (_, index) => {
    const step = BigInt(logged + Math.floor(index / keys))
    return { key: `${keys}_${index % keys}`, step, atMs: step, value: Math.random() }
  })
  logged += 1000
  await appendPoints(db, { projectId: PROJECT, runId: 'run_bench', fence: 0, points })
}

/** What logging would leave behind, faster than by logging. */
async function plant(db: Db, { runId, points }: { runId: string; points: number }): Promise<void> {
  const made = await db.execute<{ id: number }>(sql`
    insert into metric (project_id, run_id, key, last_step, last_at_ms, last_value, points)
    values (${PROJECT}, ${runId}, ${KEY}, ${points - 1}, ${points - 1}, 0, ${points}) returning id`)
  const ids = made.rows.map(({ id }) => id)
  await db.execute(sql`
    insert into metric_point (metric_id, at_ms, step, value)
    select ${ids[0]}::bigint, step, step, sin(step / 1000.0) + random() from generate_series(0, ${points - 1}) step`)
  await rebuildRollups(db, { metricIds: ids })
}

async function report(name: string, work: () => Promise<unknown>): Promise<void> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now()
    await work()
    times.push(performance.now() - began)
  }
  times.sort((a, b) => a - b)
  const [least = 0] = times
  console.log(`${name}: ${least.toFixed(1)} ms at best, ${times[Math.floor(ROUNDS / 2)]?.toFixed(1)} ms in the middle`)
}

async function asAdmin(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

const { values } = parseArgs({
  options: {
    database: { type: 'string' },
    runs: { type: 'string', default: '20' },
    points: { type: 'string', default: '1000000' },
  },
})

if (values.database === undefined) console.log('SKIPPED: name a PostgreSQL to measure on with --database <url>')
else await inDatabase(values.database, { runs: Number(values.runs), points: Number(values.points) })
