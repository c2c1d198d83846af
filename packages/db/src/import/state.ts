import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { artifact } from '../schema/index.ts'

/** A type, so that a query may name it. Counts leave out the tags of the import itself. */
export type ImportedStateRow = {
  id: string
  seal: string | null
  deleted: boolean
  params: number
  tags: number
  metrics: number
  points: number
  datasets: number
  files: number
  bytes: number
}

type Asked = { projectId: string; ids: readonly string[]; sealKey: string; ownTags: string }

const artifactsOf = (owner: string) => sql`
  (select count(*)::int from artifact a where a.owner_id = ${sql.raw(owner)}.id) as files,
  (select coalesce(sum(size_bytes), 0)::float8 from artifact a where a.owner_id = ${sql.raw(owner)}.id) as bytes`

/** How much of these runs is here. */
export async function readImportedRuns(db: Db, args: Asked): Promise<ImportedStateRow[]> {
  const result = await db.execute<ImportedStateRow>(sql`
    select r.id, r.deleted_at is not null as deleted,
      (select value from run_tag t where t.run_id = r.id and t.key = ${args.sealKey}) as seal,
      (select count(*)::int from run_param p where p.run_id = r.id) as params,
      (select count(*)::int from run_tag t where t.run_id = r.id and not starts_with(t.key, ${args.ownTags})) as tags,
      (select count(*)::int from metric m where m.run_id = r.id) as metrics,
      (select coalesce(sum(m.points), 0)::float8 from metric m where m.run_id = r.id) as points,
      (select count(*)::int from run_dataset d where d.run_id = r.id) as datasets,
      ${artifactsOf('r')}
    from run r where r.project_id = ${args.projectId} and r.id = any(${sql.param([...args.ids])}::text[])`)
  return result.rows
}

/** How much of these logged models is here. */
export async function readImportedLoggedModels(db: Db, args: Asked): Promise<ImportedStateRow[]> {
  const result = await db.execute<ImportedStateRow>(sql`
    select l.id, l.deleted_at is not null as deleted, 0 as datasets,
      (select value from logged_model_tag t where t.logged_model_id = l.id and t.key = ${args.sealKey}) as seal,
      (select count(*)::int from logged_model_param p where p.logged_model_id = l.id) as params,
      (select count(*)::int from logged_model_tag t
        where t.logged_model_id = l.id and not starts_with(t.key, ${args.ownTags})) as tags,
      (select count(distinct key)::int from logged_model_metric m where m.logged_model_id = l.id) as metrics,
      (select count(*)::int from logged_model_metric m where m.logged_model_id = l.id) as points,
      ${artifactsOf('l')}
    from logged_model l where l.project_id = ${args.projectId} and l.id = any(${sql.param([...args.ids])}::text[])`)
  return result.rows
}

/** A page of the files of a run or logged model by path. */
export async function listImportedFiles(
  db: Db,
  args: { projectId: string; ownerId: string; after: string; limit: number },
): Promise<{ path: string; sha256: string; sizeBytes: number }[]> {
  return db
    .select({ path: artifact.path, sha256: artifact.sha256, sizeBytes: artifact.sizeBytes })
    .from(artifact)
    .where(
      and(eq(artifact.projectId, args.projectId), eq(artifact.ownerId, args.ownerId), gt(artifact.path, args.after)),
    )
    .orderBy(asc(artifact.path))
    .limit(args.limit)
}
