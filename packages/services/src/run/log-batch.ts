import { type Batch, type BatchFault, type PointToLog, type WritingAttempt, writeBatch } from '@modelyard/db'
import { checkBatchSize, hexOfId, type Pair, paramsToKeep, refuse, tagsToKeep } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { refuseEnded, refuseOtherJob } from '../job/tie.ts'
import { refuseDeleted, refuseUnknown } from './hold.ts'

/** One value of a metric; exact whole numbers of 64 bits, any double. `atMs` counts from 1970. */
export type MetricToLog = PointToLog

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
 * Logging is a flood: it leaves no ledger entry, and one statement is all of its transaction, so `mutate` frames nothing.
 * @throws Refusal `invalid` for too much at once, for a parameter that has another value already and for a deleted run;
 *   `not_found` for a run or a logged model that the project does not hold
 */
export async function logBatch(ctx: Ctx, input: LogBatch): Promise<void> {
  const { project } = await inProject(ctx, input.project, 'run.write')
  const { metrics = [], params = [], tags = [], runId } = input
  checkBatchSize({ metrics: metrics.length, params: params.length, tags: tags.length })
  const batch: Batch = { points: metrics, params: paramsToKeep(params), ...tagsToKeep(tags) }
  const { principal } = ctx
  const attempt = principal.kind === 'attempt' ? principal : null
  const to = { projectId: project.id, runId, attempt }
  const fault = await writeBatch(ctx.db, { ...to, ...batch })
  if (fault) refuseBatch(fault, { ...to, params: batch.params })
}

type Refused = { runId: string; attempt: WritingAttempt | null; params: readonly Pair[] }

function refuseBatch(fault: BatchFault, { runId, attempt, params }: Refused): never {
  switch (fault.fault) {
    case 'fenced':
      return refuseEnded(attempt)
    case 'no_run':
      return refuseUnknown(runId)
    case 'other_job':
      return refuseOtherJob(runId)
    case 'deleted':
      return refuseDeleted(runId)
    case 'no_model':
      return refuse('not_found', `there is no logged model with the id m-${hexOfId(fault.id)}`, { field: 'model_id' })
    case 'param':
      return refuseChange({ ...fault, now: params.find(({ key }) => key === fault.key)?.value ?? '', runId })
  }
}

function refuseChange(param: { key: string; was: string; now: string; runId: string }): never {
  return refuse(
    'invalid',
    `Changing param values is not allowed. Param with key='${param.key}' was already logged with value='${param.was}' ` +
      `for run ID='${hexOfId(param.runId)}'. Attempted logging new value '${param.now}'.`,
    { field: 'params' },
  )
}
