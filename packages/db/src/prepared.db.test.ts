import { sql } from 'drizzle-orm'
import { expect, test, vi } from 'vitest'
import { testDatabase } from './testing/index.ts'

test('two copies of this module, as a bundler makes them, keep statements on one connection', async () => {
  const database = await testDatabase()
  const one = await import('./prepared.ts')
  vi.resetModules()
  const other = await import('./prepared.ts')
  expect(other.executePrepared).not.toBe(one.executePrepared)
  await database.db.transaction(async (tx) => {
    expect(await one.executePrepared(tx, sql`select 1 as first`)).toEqual([{ first: 1 }])
    expect(await other.executePrepared(tx, sql`select 2 as second`)).toEqual([{ second: 2 }])
  })
  await database.drop()
})
