import { createHash } from 'node:crypto'
import type { SQL } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import type { Db } from './client.ts'
import { countOften } from './often.ts'

const dialect = new PgDialect()
const names = new Map<string, string>()
/** A kept plan takes 100 to 200 kB of each connection's memory. */
const isOften = countOften({ texts: 32, characters: 8000, times: 3 })

type Query = ReturnType<PgDialect['sqlToQuery']>

/**
 * Execute a statement that PostgreSQL parses and plans once a connection and then keeps: for long statements that do
 * little, where planning is most of the time. Only for statements of few different texts; values must all be parameters.
 */
export function executePrepared<Row>(db: Db, statement: SQL): Promise<Row[]> {
  return executeKept(db, dialect.sqlToQuery(statement))
}

/** The same of a text that is written already, its values in the order of `$1` on: of a short call, building it is much. */
export async function executeKept<Row>(db: Db, query: Query): Promise<Row[]> {
  const kept = db._.session.prepareQuery(query, undefined, keptName(query.sql), false)
  const { rows } = (await kept.execute()) as { rows: Row[] }
  return rows
}

/** By the text, not by its turn: a bundler may make several copies of this module, and they share the connections. */
function keptName(text: string): string {
  const name = names.get(text) ?? `kept_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
  names.set(text, name)
  return name
}

/** Rows as lists of columns, of a statement that is planned for the values it comes with. */
export function executeOnce(db: Db, statement: SQL): Promise<unknown[][]> {
  return readColumns(db, dialect.sqlToQuery(statement), undefined)
}

/**
 * The same of a statement whose text callers shape: the first few texts that are asked for again and again are kept as by
 * `executePrepared`, all others are planned every time.
 */
export function executeOften(db: Db, statement: SQL): Promise<unknown[][]> {
  const query = dialect.sqlToQuery(statement)
  return readColumns(db, query, isOften(query.sql) ? keptName(query.sql) : undefined)
}

async function readColumns(db: Db, query: Query, name: string | undefined): Promise<unknown[][]> {
  const prepared = db._.session.prepareQuery(query, undefined, name, true, (rows) => rows)
  return (await prepared.execute()) as unknown[][]
}
