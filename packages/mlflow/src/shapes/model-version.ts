import { hexOfId } from '@modelyard/domain'
import type { VersionRecord } from '@modelyard/services'

/** MLflow's `ModelVersion` as searches and lists show it. Its number is a text, and it is ready from the first. */
export function modelVersionOf(record: VersionRecord): object {
  return {
    name: record.name,
    version: String(record.version),
    creation_timestamp: record.createdAt.getTime(),
    last_updated_timestamp: record.updatedAt.getTime(),
    current_stage: record.mlflowStage,
    description: record.description,
    source: record.source,
    run_id: record.runId === null ? undefined : hexOfId(record.runId),
    status: 'READY',
    tags: record.tags.length > 0 ? record.tags : undefined,
    run_link: record.runLink,
  }
}

/** The same where a client asked for this version, with the aliases that point at it. */
export function modelVersionWithAliases(record: VersionRecord): object {
  return { ...modelVersionOf(record), aliases: record.aliases.length > 0 ? record.aliases : undefined }
}
