import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'

/** By pool, project and number. A number is given once and is of one experiment for ever, so what was read stays true. */
const known = new WeakMap<Db, Map<string, string>>()
const MAX_KNOWN = 50_000

/** The ids of a project's experiments by their numbers; a number that none of them has is left out. */
export async function readExperimentIds(
  db: Db,
  { projectId, numbers }: { projectId: string; numbers: readonly number[] },
): Promise<string[]> {
  const ids = known.get(db) ?? new Map<string, string>()
  known.set(db, ids)
  const keyOf = (number: number) => `${projectId} ${number}`
  const missing = numbers.filter((number) => !ids.has(keyOf(number)))
  if (missing.length > 0) {
    const found = await db.execute<{ id: string; number: number }>(sql`
      select id, number from experiment
      where project_id = ${projectId} and number = any(${sql.param(missing)}::bigint[])`)
    if (ids.size + found.rows.length > MAX_KNOWN) ids.clear()
    for (const { id, number } of found.rows) ids.set(keyOf(number), id)
  }
  return [...new Set(numbers)].flatMap((number) => ids.get(keyOf(number)) ?? [])
}
