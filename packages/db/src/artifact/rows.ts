import { and, asc, eq, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { artifact } from '../schema/index.ts'

export type ArtifactRow = typeof artifact.$inferSelect

/**
 * Put a blob under a path of a run or logged model, and let its project read it. What stood under the path before is
 * replaced, and kept from the collector for a while: somebody may be about to name it. The insert reads from `kept` so that
 * what stood there is looked up before it is gone.
 */
export async function attachArtifact(db: Db, row: ArtifactRow): Promise<void> {
  const { id, projectId, ownerId, path, kind, sha256, sizeBytes, mediaType, createdAt } = row
  await db.execute(sql`
    with access as (
      insert into blob_access (project_id, sha256, created_at) values (${projectId}, ${sha256}, ${createdAt})
      on conflict do nothing
    ), before as (
      select sha256 from artifact where owner_id = ${ownerId} and path = ${path} for update
    ), kept as (
      update blob set created_at = greatest(created_at, ${createdAt}::timestamptz)
      where sha256 in (select sha256 from before) and sha256 <> ${sha256} returning 1
    )
    insert into artifact (id, project_id, owner_id, path, kind, sha256, size_bytes, media_type, created_at)
    select ${id}, ${projectId}, ${ownerId}, ${path}, ${kind}, ${sha256}, ${sizeBytes}::bigint, ${mediaType},
      ${createdAt}::timestamptz
    from (select count(*) from kept) done
    on conflict (owner_id, path) do update set kind = excluded.kind, sha256 = excluded.sha256,
      size_bytes = excluded.size_bytes, media_type = excluded.media_type, created_at = excluded.created_at`)
}

/** Take away a file, or everything below a folder ('' is all); answers how many. The bytes are the collector's matter. */
export async function deleteArtifacts(
  db: Db,
  args: { projectId: string; ownerId: string; path: string; now: Date },
): Promise<number> {
  const { projectId, ownerId, path, now } = args
  const { rows } = await db.execute<{ count: number }>(sql`
    with gone as (
      delete from artifact where project_id = ${projectId} and owner_id = ${ownerId}
        and (${path} = '' or path = ${path} or starts_with(path, ${`${path}/`}))
      returning sha256
    ), named as (
      select sha256 from blob where sha256 in (select sha256 from gone) order by sha256 for update
    ), kept as (
      update blob set created_at = greatest(created_at, ${now}::timestamptz)
      where sha256 in (select sha256 from named)
    )
    select count(*)::int as count from gone`)
  return rows[0]?.count ?? 0
}

/** Whether a file stands where the path needs a folder, or a folder where it needs a file. */
export async function isPathTaken(db: Db, args: { ownerId: string; path: string }): Promise<boolean> {
  const { ownerId, path } = args
  const names = path.split('/')
  const folders = names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'))
  const { rows } = await db.execute(sql`
    select 1 from artifact where owner_id = ${ownerId}
      and (path = any(${sql.param(folders)}::text[]) or starts_with(path, ${`${path}/`})) limit 1`)
  return rows.length > 0
}

export async function listArtifacts(db: Db, args: { projectId: string; ownerId: string }): Promise<ArtifactRow[]> {
  return db
    .select()
    .from(artifact)
    .where(and(eq(artifact.projectId, args.projectId), eq(artifact.ownerId, args.ownerId)))
    .orderBy(asc(artifact.path))
}
