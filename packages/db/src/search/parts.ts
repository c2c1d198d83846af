import { type SQL, sql } from 'drizzle-orm'

/** An instant in whole milliseconds since 1970. */
export const ms = (instant: SQL) => sql`floor(extract(epoch from ${instant}) * 1000)`

/** Rows of these experiments. One alone is an equality, so that an index may give the order. */
export function experimentsOf(alias: SQL, scope: { projectId: string; experiments: readonly number[] | null }): SQL[] {
  const { projectId, experiments } = scope
  if (experiments === null) return []
  if (experiments.length === 1) {
    return [
      sql`${alias}.experiment_id = (select id from experiment where project_id = ${projectId} and number = ${experiments[0]}::bigint)`,
    ]
  }
  return [
    sql`${alias}.experiment_id = any(array(
      select id from experiment where project_id = ${projectId} and number = any(${sql.param([...experiments])}::bigint[])))`,
  ]
}

/** The grammar knows every key that these tables hold; any other is a fault of ours. */
export function named<T>(record: Readonly<Record<string, T>>, key: string): T {
  const found = record[key]
  if (found === undefined) throw new Error(`nothing is searched by ${key}`)
  return found
}
