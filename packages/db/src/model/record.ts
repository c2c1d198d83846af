import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { model, modelVersion } from '../schema/index.ts'
import type { RegistryTag } from './labels.ts'

/** Inside a subquery the bare name of a column would be taken for one of its own tables. */
const MODEL_ID = sql.raw('"model"."id"')
const VERSION_ID = sql.raw('"model_version"."id"')

const tagsOf = (table: 'model_tag' | 'model_version_tag', owner: 'model_id' | 'model_version_id') =>
  sql<RegistryTag[]>`coalesce((select json_agg(json_build_object('key', t.key, 'value', t.value) order by t.key)
    from ${sql.raw(table)} t where t.${sql.raw(owner)} = ${table === 'model_tag' ? MODEL_ID : VERSION_ID}), '[]')`

const inOrderOf = (column: typeof model.id | typeof modelVersion.id, ids: readonly string[]) =>
  sql`array_position(${sql.param([...ids])}::text[], ${column})`

/** What the registry shows of versions, in the order of the ids given; deleted ones are left out. One statement. */
export async function readVersionRecords(db: Db, args: { projectId: string; ids: readonly string[] }) {
  if (args.ids.length === 0) return []
  return db
    .select({
      id: modelVersion.id,
      modelId: modelVersion.modelId,
      name: model.name,
      version: modelVersion.version,
      mlflowStage: modelVersion.mlflowStage,
      description: modelVersion.description,
      source: modelVersion.source,
      runId: modelVersion.runId,
      runLink: modelVersion.runLink,
      loggedModelId: modelVersion.loggedModelId,
      createdAt: modelVersion.createdAt,
      updatedAt: modelVersion.updatedAt,
      tags: tagsOf('model_version_tag', 'model_version_id'),
      aliases: sql<string[]>`coalesce((select json_agg(a.alias order by a.alias) from model_alias a
        where a.model_version_id = ${VERSION_ID}), '[]')`,
    })
    .from(modelVersion)
    .innerJoin(model, eq(modelVersion.modelId, model.id))
    .where(
      and(
        eq(modelVersion.projectId, args.projectId),
        sql`${modelVersion.id} = any(${sql.param([...args.ids])}::text[])`,
        isNull(modelVersion.deletedAt),
      ),
    )
    .orderBy(inOrderOf(modelVersion.id, args.ids))
}
export type VersionRecord = Awaited<ReturnType<typeof readVersionRecords>>[number]

/**
 * What the registry shows of models, in the order of the ids given; deleted ones are left out. `latestIds` are the newest
 * version of each stage, oldest first. One statement.
 */
export async function readModelRecords(db: Db, args: { projectId: string; ids: readonly string[] }) {
  if (args.ids.length === 0) return []
  return db
    .select({
      id: model.id,
      name: model.name,
      description: model.description,
      createdAt: model.createdAt,
      updatedAt: model.updatedAt,
      tags: tagsOf('model_tag', 'model_id'),
      aliases: sql<{ alias: string; version: number }[]>`coalesce((
        select json_agg(json_build_object('alias', a.alias, 'version', v.version) order by a.alias)
        from model_alias a join model_version v on v.id = a.model_version_id where a.model_id = ${MODEL_ID}), '[]')`,
      latestIds: sql<string[]>`coalesce((
        select json_agg(l.id order by l.version) from (select distinct on (v.mlflow_stage) v.id, v.version
          from model_version v where v.model_id = ${MODEL_ID} and v.deleted_at is null
          order by v.mlflow_stage, v.version desc) l), '[]')`,
    })
    .from(model)
    .where(
      and(
        eq(model.projectId, args.projectId),
        sql`${model.id} = any(${sql.param([...args.ids])}::text[])`,
        isNull(model.deletedAt),
      ),
    )
    .orderBy(inOrderOf(model.id, args.ids))
}
export type ModelRecordRow = Awaited<ReturnType<typeof readModelRecords>>[number]
