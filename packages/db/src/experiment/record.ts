import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'

/** An experiment with its tags, ordered by key. */
export type ExperimentRecord = {
  id: string
  number: number
  name: string
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
  tags: { key: string; value: string }[]
}

type Row = Pick<ExperimentRecord, 'id' | 'number' | 'name' | 'tags'> & {
  createdAt: string
  updatedAt: string
  deletedAt: string | null
}

/** The experiments of these ids that are in the project, deleted ones too, in the order of the ids; one statement. */
export async function readExperimentRecords(
  db: Db,
  args: { projectId: string; ids: readonly string[] },
): Promise<ExperimentRecord[]> {
  const result = await db.execute<Row>(sql`
    select e.id, e.number, e.name, e.created_at as "createdAt", e.updated_at as "updatedAt",
      e.deleted_at as "deletedAt", coalesce(t.tags, '[]') as tags
    from unnest(${sql.param([...args.ids])}::text[]) with ordinality as wanted(id, n)
      join experiment e on e.id = wanted.id
      left join lateral (
        select json_agg(json_build_object('key', key, 'value', value) order by key) as tags
        from experiment_tag where experiment_id = e.id) t on true
    where e.project_id = ${args.projectId} order by wanted.n`)
  return result.rows.map((row) => ({
    ...row,
    createdAt: new Date(row.createdAt),
    updatedAt: new Date(row.updatedAt),
    deletedAt: row.deletedAt === null ? null : new Date(row.deletedAt),
  }))
}
