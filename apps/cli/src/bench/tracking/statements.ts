import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Server } from './servers.ts'
import type { Sql } from './sql.ts'

/** What PostgreSQL itself says it executed: its log, with the database before each line. */
export type StatementLog = { sql: Sql; adminUrl: string; logFile: string; postgresPid: number }

const SETTLE_MS = 250

/** Statements of one call, BEGIN and COMMIT included: the least of three calls, since servers also work unasked. */
export async function countStatements(
  log: StatementLog,
  server: Server,
  call: () => Promise<unknown>,
): Promise<number> {
  await setLogging(log, "'all'")
  try {
    const counts: number[] = []
    for (let round = 0; round < 3; round++) {
      await sleep(SETTLE_MS)
      const from = statSync(log.logFile).size
      await call()
      await sleep(SETTLE_MS)
      counts.push(statementsIn(readFrom(log.logFile, from), databaseOf(server)))
    }
    return Math.min(...counts)
  } finally {
    await setLogging(log, "'none'")
  }
}

async function setLogging({ sql, adminUrl }: StatementLog, what: string): Promise<void> {
  // %d is the database; sessions that are open take the new setting with their next statement.
  await sql.execute(adminUrl, ["alter system set log_line_prefix = '%d|'"])
  await sql.execute(adminUrl, [`alter system set log_statement = ${what}`])
  await sql.execute(adminUrl, ['select pg_reload_conf()'])
}

export function statementsIn(text: string, database: string): number {
  const said = new RegExp(`^${database}\\|LOG: +(?:statement|execute [^:]*):`)
  return text.split('\n').filter((line) => said.test(line)).length
}

function databaseOf(server: Server): string {
  return new URL(server.databaseUrl).pathname.slice(1)
}

function readFrom(path: string, from: number): string {
  const bytes = Buffer.alloc(Math.max(0, statSync(path).size - from))
  const file = openSync(path, 'r')
  try {
    readSync(file, bytes, 0, bytes.length, from)
  } finally {
    closeSync(file)
  }
  return bytes.toString('utf8')
}
