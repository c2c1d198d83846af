import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import * as schema from './schema/index.ts'

/** A connection pool or a transaction: queries take either. */
export type Db = NodePgDatabase<typeof schema>
export type Database = { db: Db; pool: pg.Pool; close: () => Promise<void> }

// int8 as number: our counters stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/**
 * What is searched lies in memory or on flash. Told what PostgreSQL supposes of turning disks, four times this, its planner
 * reads every parameter of a project rather than look up those of a thousand runs.
 */
const PLANNER = '-c random_page_cost=1.1'

/** Open a pool. `onError` hears of idle connections that broke; queries report their own. */
export function openDatabase(args: { databaseUrl: string; max?: number; onError?: (error: Error) => void }): Database {
  const pool = new pg.Pool({
    connectionString: args.databaseUrl,
    max: args.max ?? 10,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    options: PLANNER,
    keepAlive: true,
  })
  pool.on('error', (error) => args.onError?.(error))
  return { db: drizzle(pool, { schema }), pool, close: () => pool.end() }
}

export type PgFault = { code: string; constraint?: string; table?: string }

/** SQLSTATE and constraint of a failed query, wherever Drizzle wrapped it; null when it is no database fault. */
export function pgFault(error: unknown): PgFault | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const code = (at as { code?: unknown }).code
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return at as unknown as PgFault
  }
  return null
}

/** Whether a unique constraint of that name refused the row. */
export function violates(error: unknown, constraint: string): boolean {
  const fault = pgFault(error)
  return fault?.code === '23505' && fault.constraint === constraint
}

/** Of sockets and of name lookups; a store on disk knows none of them. */
const AWAY = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'])
/** SQLSTATE: connection faults, shut down, crashed, starting up, out of connections. */
const AWAY_STATE = /^(?:08...|57P0[123]|53300)$/
/** What the driver says itself has no code. */
const AWAY_WORDS =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection)/
const FULL = new Set(['53100', 'ENOSPC', 'EDQUOT'])

/** What a query or a write to disk failed of that is no fault of the query: nobody answered, or no room was left. */
export function outageIn(error: unknown): 'away' | 'full' | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const code = String((at as { code?: unknown }).code ?? '')
    if (FULL.has(code)) return 'full'
    if (AWAY.has(code) || AWAY_STATE.test(code) || AWAY_WORDS.test(at.message)) return 'away'
  }
  return null
}
