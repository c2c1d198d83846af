import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'

/** What files belong to: a run, a logged model, or a registered version with its frozen copies. */
export type ArtifactOwner = { kind: 'run' | 'logged_model' | 'model_version'; id: string }
export type ArtifactFile = { path: string; sha256: string; sizeBytes: number; mediaType: string }
/** `sizeBytes` is null for a folder. */
export type FolderEntry = { name: string; sizeBytes: number | null }
export type OwnerFacts = { experiment: number | null; isDeleted: boolean; jobId: string | null }
type Place = { projectId: string; owner: ArtifactOwner }

/**
 * The owner, if the project has it: number of its experiment (null for a version), whether it is deleted, and the job
 * whose training process made its run.
 */
export async function findArtifactOwner(db: Db, { projectId, owner }: Place): Promise<OwnerFacts | null> {
  const { rows } = await db.execute<OwnerFacts>(sql`
    select e.number as experiment, o.deleted_at is not null as "isDeleted", o.job_id as "jobId"
    from (${ownersOf(owner)}) o left join experiment e on e.id = o.experiment_id
    where o.project_id = ${projectId} and o.id = ${owner.id}`)
  return rows[0] ?? null
}

function ownersOf({ kind }: ArtifactOwner): SQL {
  if (kind === 'run') return sql`select id, project_id, experiment_id, deleted_at, job_id from run`
  if (kind === 'model_version')
    return sql`select id, project_id, null as experiment_id, deleted_at, job_id from model_version`
  return sql`select m.id, m.project_id, m.experiment_id, m.deleted_at, r.job_id
    from logged_model m left join run r on r.id = m.source_run_id`
}

export async function findArtifactFile(db: Db, args: Place & { path: string }): Promise<ArtifactFile | null> {
  const { rows } = await db.execute<ArtifactFile>(sql`
    select path, sha256, size_bytes as "sizeBytes", media_type as "mediaType" from (${filesOf(args)}) f
    where path = ${args.path}`)
  return rows[0] ?? null
}

/** Files and folders directly in a folder ('' is the root), in the order of their names' bytes. Empty for what is none. */
export async function listFolder(db: Db, args: Place & { folder: string }): Promise<FolderEntry[]> {
  const prefix = args.folder === '' ? '' : `${args.folder}/`
  const { rows } = await db.execute<FolderEntry>(sql`
    select split_part(rest, '/', 1) as name,
      case when bool_or(strpos(rest, '/') > 0) then null else max(size_bytes) end as "sizeBytes"
    from (select substr(path, length(${prefix}) + 1) as rest, size_bytes from (${filesOf(args)}) f
      where starts_with(path, ${prefix})) below
    group by 1 order by split_part(rest, '/', 1) collate "C"`)
  return rows
}

/** A version registered as a single file has no list of files: it shows as that one. */
function filesOf({ projectId, owner }: Place): SQL {
  if (owner.kind !== 'model_version')
    return sql`select path, sha256, size_bytes, media_type from artifact
      where project_id = ${projectId} and owner_id = ${owner.id}`
  return sql`select path, sha256, size_bytes, media_type from model_version_file
      where project_id = ${projectId} and model_version_id = ${owner.id}
    union all select 'model.onnx', sha256, size_bytes, 'application/octet-stream' from model_version v
      where project_id = ${projectId} and id = ${owner.id} and format = 'onnx'
        and not exists (select 1 from model_version_file f where f.model_version_id = v.id)`
}
