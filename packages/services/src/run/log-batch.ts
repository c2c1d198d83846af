import { type Batch, type NewModelPoint, writeBatch } from '@modelyard/db'
import { checkBatchSize, hexOfId, type Pair, paramsToKeep, refuse, tagsToKeep } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'
import { holdForWriting } from './hold.ts'

/** One value of a metric; exact whole numbers of 64 bits, any double. */
export type MetricToLog = {
  key: string
  value: number
  step: bigint
  /** Milliseconds since 1970. */
  atMs: bigint
  /** A logged model it is also a metric of, and on which dataset. */
  model?: { id: string; datasetName: string; datasetDigest: string }
}

export type LogBatch = {
  project: string
  runId: string
  metrics?: readonly MetricToLog[]
  params?: readonly Pair[]
  tags?: readonly Pair[]
}

/**
 * Log metrics, parameters and tags to a run, all or none of them. A batch that is sent again changes nothing: a point is
 * kept once and a parameter may be said again with the same value. The tag `mlflow.runName` renames the run.
 * @throws Refusal `invalid` for too much at once, for a parameter that has another value already and for a deleted run;
 *   `not_found` for a run or a logged model that the project does not hold
 */
export async function logBatch(ctx: Ctx, input: LogBatch): Promise<void> {
  const { project } = await inProject(ctx, input.project, 'run.write')
  const { metrics = [], params = [], tags = [], runId } = input
  checkBatchSize({ metrics: metrics.length, params: params.length, tags: tags.length })
  const of = { projectId: project.id, runId }
  const batch: Batch = {
    metrics,
    modelMetrics: metrics.flatMap(ofModel),
    params: paramsToKeep(params),
    ...tagsToKeep(tags),
  }
  const modelIds = [...new Set(batch.modelMetrics.map(({ loggedModelId }) => loggedModelId))]
  await mutate(ctx, { verb: 'run.log', projectId: project.id }, async (tx) => {
    const { models, fence } = await holdForWriting(ctx, tx, { ...of, modelIds })
    const missing = modelIds.find((id) => !models.includes(id))
    if (missing)
      refuse('not_found', `there is no logged model with the id m-${hexOfId(missing)}`, { field: 'model_id' })
    const other = await writeBatch(tx, { ...of, ...batch, fence })
    if (other) refuseChange({ ...other, now: batch.params.find(({ key }) => key === other.key)?.value ?? '', runId })
    // The statement that wrote has told the pages.
    return { answer: undefined, note: null, changes: [] }
  })
}

function ofModel({ model, ...point }: MetricToLog): NewModelPoint[] {
  if (!model) return []
  return [{ ...point, loggedModelId: model.id, datasetName: model.datasetName, datasetDigest: model.datasetDigest }]
}

function refuseChange(param: { key: string; was: string; now: string; runId: string }): never {
  return refuse(
    'invalid',
    `Changing param values is not allowed. Param with key='${param.key}' was already logged with value='${param.was}' ` +
      `for run ID='${hexOfId(param.runId)}'. Attempted logging new value '${param.now}'.`,
    { field: 'params' },
  )
}
