import type { LoggedDatasetInput, NamedDatasetVersion } from '@modelyard/db'
import { digestOfVersion } from '@modelyard/domain'
import type { Ctx } from '../context.ts'

/** The tag by which MLflow says what a run read a dataset for. */
export const CONTEXT_TAG = 'mlflow.data.context'
export const OUR_SOURCE_TYPE = 'modelyard'

/** A dataset version of ours as an MLflow client sees it among the inputs of a run that trained on it. */
export function datasetOfVersion(
  ctx: Pick<Ctx, 'newId'>,
  { version, name }: NamedDatasetVersion,
  context = 'training',
): LoggedDatasetInput {
  const { id, rows, format, sha256 } = version
  return {
    id: ctx.newId('lds'),
    name,
    digest: digestOfVersion(version),
    sourceType: OUR_SOURCE_TYPE,
    source: JSON.stringify({ datasetVersionId: id, version: version.version, sha256, format }),
    schema: null,
    profile: JSON.stringify({ num_rows: rows }),
    datasetVersionId: id,
    context,
    tags: [{ key: CONTEXT_TAG, value: context }],
  }
}
