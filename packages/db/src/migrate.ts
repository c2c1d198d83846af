import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'

const LOCK = 7_204_531
const BREAK = '--> statement-breakpoint'

export type Migrated = { applied: string[]; already: number }

/**
 * Apply every `*.sql` file of the folder that the database has not seen, in name order, one transaction a file, under an
 * advisory lock. Drizzle's own migrator is not used: it skips files merged late and takes no lock.
 * @throws when an applied file was changed since, or the database knows files that this folder lacks.
 */
export async function migrate(args: { databaseUrl: string; folder: string }): Promise<Migrated> {
  const client = new pg.Client({ connectionString: args.databaseUrl })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK])
    await client.query('set lock_timeout = 0')
    await client.query(
      'create table if not exists applied_migration (name text primary key, sha256 text not null, at timestamptz not null default now())',
    )
    return await applyAll(client, args.folder)
  } finally {
    await client.end()
  }
}

async function applyAll(client: pg.Client, folder: string): Promise<Migrated> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  const known = new Map<string, string>(
    (await client.query<{ name: string; sha256: string }>('select name, sha256 from applied_migration')).rows.map(
      (row) => [row.name, row.sha256],
    ),
  )
  const unknown = [...known.keys()].filter((name) => !names.includes(name))
  if (unknown.length > 0) throw new Error(`the database is newer than this program: it holds ${unknown.join(', ')}`)
  const applied: string[] = []
  for (const name of names) {
    const text = await readFile(join(folder, name), 'utf8')
    const sha256 = createHash('sha256').update(text).digest('hex')
    if (known.has(name)) {
      if (known.get(name) !== sha256) throw new Error(`migration ${name} was changed after it was applied`)
      continue
    }
    await applyOne(client, { name, sha256, text })
    applied.push(name)
  }
  return { applied, already: known.size }
}

async function applyOne(client: pg.Client, file: { name: string; sha256: string; text: string }): Promise<void> {
  await client.query('begin')
  try {
    for (const statement of file.text.split(BREAK)) if (statement.trim() !== '') await client.query(statement)
    await client.query('insert into applied_migration (name, sha256) values ($1, $2)', [file.name, file.sha256])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`migration ${file.name} failed and changed nothing`, { cause: error })
  }
}
