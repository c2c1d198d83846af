import type { ModelSignature } from '@modelyard/contracts'
import {
  type Db,
  delayOutbox,
  findDatasetVersionRow,
  findModelVersion,
  findProjectKpis,
  finishOutbox,
  listEvaluations,
  lockModelVersion,
  type OutboxRow,
  readReportedMetrics,
  storeEvaluation,
  takeOutbox,
} from '@modelyard/db'
import { classOutputOf, isRefusal, type OutputValues, predictionsOf, refuse, reportOnTest } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { type FeatureColumns, loadFeatureColumns } from '../dataset/load.ts'
import { mutate, type Note } from '../mutate.ts'
import { classesFor, EVALUATE_TOPIC, requireCandidate, requireFit } from './evaluate.ts'
import { heldFiles } from './files.ts'
import { verifyFiles } from './inspect.ts'
import { judgeVersion, type KeptGates, type Report } from './judge.ts'

/** `values` holds rows of `width` numbers, one after the other. */
type Rows = { values: Float64Array; width: number }
/** Runs a stored model in a process of its own, within `EVALUATION_LIMITS`. `latencyMs` of single runs, ascending. */
export type RunStoredModel = (
  sha256: string,
  rows: Rows,
) => Promise<{ outputs: OutputValues[]; latencyMs: number[]; batchRows: number }>

/**
 * `runMs` is short of what the alert on sweeps waits for; `outputValues` are over all rows, `memoryBytes` of address
 * space, which Node itself takes half of.
 */
export const EVALUATION_LIMITS = { runMs: 90_000, outputValues: 5_000_000, memoryBytes: 3 * 2 ** 30 } as const
/** Longer than a run with all around it: who dies with one leaves it to the next sweep. */
const LEASE_MS = 180_000
const RETRY_MS = 30_000
const MAX_ATTEMPTS = 3

export type SweptEvaluations = { evaluated: number; failed: number }
type Asked = { outboxId: number; projectId: string; modelVersionId: string; datasetVersionId: string }

/** Do one evaluation that was asked for. What will fail again is told in the ledger; the rest is tried three times. */
export async function sweepEvaluations(ctx: Ctx, run: RunStoredModel): Promise<SweptEvaluations> {
  const scope = { topics: [EVALUATE_TOPIC], now: ctx.now(), leaseMs: LEASE_MS, limit: 1 }
  const [row] = await takeOutbox(ctx.db, scope)
  if (!row) return { evaluated: 0, failed: 0 }
  const asked = askedIn(row)
  try {
    // Taken once more than it may be tried: the worker itself ended each time.
    if (row.attempts > MAX_ATTEMPTS) refuse('invalid', 'the evaluation never came to its end')
    await evaluateQueued(ctx, asked, run)
    return { evaluated: 1, failed: 0 }
  } catch (error) {
    const isFinal = row.attempts >= MAX_ATTEMPTS || (isRefusal(error) && !error.retryable)
    ctx.log.warn({ err: error, ...asked, attempts: row.attempts }, 'a model version could not be evaluated')
    if (isFinal)
      await giveUp(ctx, asked, isRefusal(error) ? error.message : 'a fault of this installation; see its log')
    else await delay(ctx, row, error)
    return { evaluated: 0, failed: 1 }
  }
}

function askedIn({ id, projectId, payload }: OutboxRow): Asked {
  const { modelVersionId, datasetVersionId } = payload
  return {
    ...{ outboxId: id, projectId },
    ...{ modelVersionId: String(modelVersionId), datasetVersionId: String(datasetVersionId) },
  }
}

async function delay(ctx: Ctx, row: OutboxRow, error: unknown): Promise<void> {
  const until = new Date(ctx.now().getTime() + RETRY_MS * row.attempts)
  await delayOutbox(ctx.db, { id: row.id, until, error: String(error).slice(0, 500) })
}

async function evaluateQueued(ctx: Ctx, asked: Asked, run: RunStoredModel): Promise<void> {
  const { projectId, modelVersionId, datasetVersionId } = asked
  const found = await findModelVersion(ctx.db, { projectId, id: modelVersionId })
  const dataset = await findDatasetVersionRow(ctx.db, datasetVersionId)
  if (!found || !dataset) return refuse('not_found', 'the version or its dataset is gone')
  requireFit(found, dataset)
  const { version } = found
  const classes = classesFor(version, dataset)
  const { inputs, outputs } = version.signature as ModelSignature
  const by = classOutputOf(outputs, classes.length)
  if (!by || inputs.length !== 1) return refuse('invalid', 'the outputs of the model tell no class')
  const test = await loadFeatureColumns(ctx, { datasetVersionId, part: 'test' })
  const truth = truthOf(test, classes)
  const result = await run(version.sha256, rowsOf(test))
  const read = predictionsOf(result.outputs, { by, classes: classes.length, rows: truth.length })
  const { latencyMs, batchRows } = result
  const report = reportOnTest({ ...read, classes, truth, latencyMs, batchRows, features: test })
  const artifactVerified = await verifyFiles(ctx, await heldFiles(ctx, version))
  await record(ctx, asked, { report, artifactVerified, classes })
}

function truthOf({ labels }: FeatureColumns, classes: readonly string[]): Int32Array {
  if (labels.length === 0) refuse('invalid', 'the dataset has no rows in its test part')
  const places = new Map(classes.map((name, place) => [name, place]))
  return Int32Array.from(labels, (label) => places.get(label) ?? refuse('invalid', `"${label}" is none of the classes`))
}

function rowsOf({ names, columns, labels }: FeatureColumns): Rows {
  const width = names.length
  const values = new Float64Array(labels.length * width)
  columns.forEach((column, place) => {
    column.forEach((value, row) => {
      if (!Number.isFinite(value)) refuse('invalid', `the column "${names[place]}" has a cell that is no number`)
      values[row * width + place] = value
    })
  })
  return { values, width }
}

type Outcome = { report: Report; artifactVerified: boolean; classes: string[] }

/** Everything that follows from the numbers, at once or not at all; a second worker's outcome changes nothing. */
async function record(ctx: Ctx, asked: Asked, { report, artifactVerified, classes }: Outcome): Promise<void> {
  const { outboxId, projectId, modelVersionId, datasetVersionId } = asked
  await mutate(ctx, { verb: 'model.record_evaluation', projectId }, async (tx) => {
    const found = await lockModelVersion(tx, { projectId, id: modelVersionId })
    if (!(await finishOutbox(tx, { id: outboxId, now: ctx.now() }))) return { answer: null, note: null, changes: [] }
    if (!found) return refuse('not_found', 'the version was deleted meanwhile')
    // Decided on, or tied to another dataset, since it was asked for.
    requireCandidate(found)
    const tied = found.version.datasetVersionId
    if (tied !== null && tied !== datasetVersionId) refuse('conflict', 'the version has another dataset by now')
    const { gates, gatesPassed } = await judged(tx, { asked, version: found.version, report, artifactVerified })
    const evaluation = { id: ctx.newId('evl'), projectId, modelVersionId, datasetVersionId }
    await storeEvaluation(tx, {
      evaluation: { ...evaluation, split: report.split, report, createdAt: ctx.now() },
      judged: { gates, gatesPassed, classes, datasetVersionId },
    })
    const { accuracy, macroF1, rows } = report
    const name = `${found.model} v${found.version.version}`
    return {
      answer: null,
      note: noteOf(asked, {
        action: 'model.evaluated',
        summary: `${name} evaluated on ${rows} rows: accuracy ${accuracy.toFixed(4)}, gates ${gatesPassed ? 'passed' : 'not passed'}`,
        detail: { sha256: found.version.sha256, accuracy, macroF1, p95LatencyMs: report.latencyMs.p95, gatesPassed },
      }),
      changes: [{ noun: 'model_version', id: modelVersionId }],
    }
  })
}

type Judged = Pick<Outcome, 'report' | 'artifactVerified'> & {
  asked: Asked
  version: NonNullable<Awaited<ReturnType<typeof lockModelVersion>>>['version']
}

async function judged(tx: Db, { asked, version, report, artifactVerified }: Judged) {
  const { projectId, datasetVersionId } = asked
  const kpis = await findProjectKpis(tx, projectId)
  const before = (await listEvaluations(tx, [version.id])).map((row) => row.report as Report)
  const { runId, loggedModelId, modelId } = version
  const keys = kpis.map(({ metric }) => metric)
  const reported = [...(await readReportedMetrics(tx, { runId, loggedModelId, keys }))]
  return judgeVersion(tx, {
    ...{ projectId, modelId, kpis, signature: version.signature as ModelSignature, datasetVersionId, artifactVerified },
    evaluations: [...before.filter(({ split }) => split !== report.split), report],
    earlier: { gates: version.gates as KeptGates, digest: version.sha256 },
    reported: Object.fromEntries(reported.filter(([, value]) => Number.isFinite(value))),
  })
}

async function giveUp(ctx: Ctx, asked: Asked, why: string): Promise<void> {
  const { outboxId, projectId, modelVersionId } = asked
  await mutate(ctx, { verb: 'model.give_up_evaluation', projectId }, async (tx) => {
    const isMine = await finishOutbox(tx, { id: outboxId, now: ctx.now() })
    const summary = `Not evaluated: ${why}`.slice(0, 500)
    return {
      answer: null,
      note: isMine ? noteOf(asked, { action: 'model.evaluation_failed', summary, detail: { why } }) : null,
      changes: isMine ? [{ noun: 'model_version', id: modelVersionId }] : [],
    }
  })
}

function noteOf(
  asked: Asked,
  { action, summary, detail }: Pick<Note, 'action' | 'summary'> & { detail: object },
): Note {
  const { modelVersionId, datasetVersionId } = asked
  return {
    ...{ action, targetKind: 'model_version', targetId: modelVersionId, summary },
    detail: { ...detail, datasetVersionId },
  }
}
