import { hexOfId } from '@modelyard/domain'
import type { ArtifactListing, ArtifactOwner } from '@modelyard/services'

/** MLflow's `FileInfo`s of a folder; without any, an answer without the field. */
export function entriesOf(entries: ArtifactListing['entries'], folder: string): object {
  if (entries.length === 0) return {}
  return {
    files: entries.map(({ name, sizeBytes }) => ({
      path: folder === '' ? name : `${folder}/${name}`,
      is_dir: sizeBytes === null,
      ...(sizeBytes === null ? {} : { file_size: sizeBytes }),
    })),
  }
}

/** Where the files of an owner are, for clients that fetch them through this server. */
export function artifactUriOf({ kind, id }: ArtifactOwner, experiment: number | null): string {
  const front = { run: '', logged_model: 'models/m-', model_version: 'versions/' }[kind]
  return `mlflow-artifacts:/${experiment ?? 0}/${front}${hexOfId(id)}/artifacts`
}
