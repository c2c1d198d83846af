import type { ModelRecord } from '@modelyard/services'
import { modelVersionOf } from './model-version.ts'

/** MLflow's `RegisteredModel`, with the newest version of each stage. */
export function registeredModelOf(record: ModelRecord): object {
  return {
    name: record.name,
    creation_timestamp: record.createdAt.getTime(),
    last_updated_timestamp: record.updatedAt.getTime(),
    description: record.description === '' ? undefined : record.description,
    latest_versions: some(record.latestVersions.map(modelVersionOf)),
    tags: some(record.tags),
    aliases: some(record.aliases.map(({ alias, version }) => ({ alias, version: String(version) }))),
  }
}

const some = <T>(items: readonly T[]) => (items.length > 0 ? items : undefined)
