import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { type Database, openDatabase } from '../client.ts'
import { migrate } from '../migrate.ts'

export const MIGRATIONS = fileURLToPath(new URL('../../../../migrations', import.meta.url))
const TEMPLATE_LOCK = 7_204_532

export type TestDatabase = Database & { databaseUrl: string; drop: () => Promise<void> }

/** A database of its own for one test file, cloned from a migrated template; `drop` in afterAll. */
export async function testDatabase(): Promise<TestDatabase> {
  const adminUrl = process.env.MODELYARD_TEST_DATABASE_URL
  if (!adminUrl) throw new Error('database tests run under vitest, whose global setup starts PostgreSQL')
  const template = await ensureTemplate(adminUrl)
  const name = `t_${randomBytes(8).toString('hex')}`
  await asAdmin(adminUrl, (client) => client.query(`create database ${name} template ${template} strategy file_copy`))
  const databaseUrl = withName(adminUrl, name)
  const database = openDatabase({ databaseUrl, max: 8 })
  const drop = async () => {
    await database.close()
    await asAdmin(adminUrl, (client) => client.query(`drop database ${name} with (force)`))
  }
  return { ...database, databaseUrl, drop }
}

async function ensureTemplate(adminUrl: string): Promise<string> {
  const hash = createHash('sha256')
  for (const file of (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).sort())
    hash.update(await readFile(join(MIGRATIONS, file)))
  const name = `template_${hash.digest('hex').slice(0, 16)}`
  await asAdmin(adminUrl, async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK])
    const ready = await client.query(
      "select 1 from pg_database where datname = $1 and shobj_description(oid, 'pg_database') = 'ready'",
      [name],
    )
    if (ready.rowCount) return
    await client.query(`drop database if exists ${name} with (force)`)
    await client.query(`create database ${name}`)
    await migrate({ databaseUrl: withName(adminUrl, name), folder: MIGRATIONS })
    await client.query(`comment on database ${name} is 'ready'`)
  })
  return name
}

async function asAdmin(adminUrl: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

function withName(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
