import type { SQL } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import type { Db } from './client.ts'

const dialect = new PgDialect()
const names = new Map<string, string>()

/**
 * Execute a statement that PostgreSQL parses and plans once a connection and then keeps: for long statements that do
 * little, where planning is most of the time. Only for statements of few different texts; values must all be parameters.
 */
export async function executePrepared<Row>(db: Db, statement: SQL): Promise<Row[]> {
  const query = dialect.sqlToQuery(statement)
  const name = names.get(query.sql) ?? `kept_${names.size}`
  names.set(query.sql, name)
  const { rows } = (await db._.session.prepareQuery(query, undefined, name, false).execute()) as { rows: Row[] }
  return rows
}
