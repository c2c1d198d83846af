import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from './client.ts'
import { executeOften, executeOnce } from './prepared.ts'
import { type TestDatabase, testDatabase } from './testing/index.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

test('of the texts that callers shape, only a bounded number is kept, and none that is asked for once', async () => {
  const { db, close } = openDatabase({ databaseUrl: database.databaseUrl, max: 1 })
  const kept = async () => Number((await executeOnce(db, sql`select count(*) from pg_prepared_statements`))[0]?.[0])
  const ask = (columns: number) =>
    executeOften(db, sql`select ${sql.join(Array(columns).fill(sql`${columns}::int`), sql`, `)}`)
  try {
    for (let columns = 1; columns <= 50; columns++) await ask(columns)
    expect(await kept()).toBe(0)
    for (let turn = 0; turn < 3; turn++) {
      for (let columns = 1; columns <= 50; columns++) {
        expect(await ask(columns)).toEqual([Array(columns).fill(columns)])
      }
    }
    expect(await kept()).toBe(32)
    const long = sql`select ${'x'}::text, ${sql.raw(`'${'y'.repeat(8000)}'`)}`
    for (let turn = 0; turn < 5; turn++) expect(await executeOften(db, long)).toHaveLength(1)
    expect(await kept()).toBe(32)
  } finally {
    await close()
  }
})
