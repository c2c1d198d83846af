import {
  type Actor,
  type Db,
  findSourceLoggedModel,
  findSourceRun,
  findSubmitter,
  insertModelVersion,
  insertVersionFiles,
  listTrainedOn,
  noteVersionOnLoggedModel,
  type RegistryTag,
  readReportedMetrics,
  setVersionTags,
} from '@modelyard/db'
import { type Kpi, refuse } from '@modelyard/domain'
import { inProject, type Project } from '../access.ts'
import { actorOf, type Ctx } from '../context.ts'
import { happenedToRegistry } from '../webhook/event.ts'
import { changeModel, type OnModel } from './change.ts'
import { filesOfSource, type SourceFiles } from './files.ts'
import { type Inspected, inspectFiles, verifyFiles } from './inspect.ts'
import { judgeVersion } from './judge.ts'

type Input = OnModel & {
  source: string
  /** What the client says it comes from; it has to agree with the source. */
  runId: string | null
  loggedModelId: string | null
  tags: readonly RegistryTag[]
  runLink: string
  description: string
}

/** All that is known of a version before it has a number. */
type Prepared = SourceFiles & {
  inspected: Inspected
  isVerified: boolean
  codeCommit: string
  datasetVersionId: string | null
  reported: Partial<Record<Kpi['metric'], number>>
  createdBy: Actor
}

/**
 * Register the next version of a model from files that a client logged, frozen as they are now: what happens to the
 * source later changes nothing. Its author is the client's person, or who submitted the job that calls.
 */
export async function registerFromSource(ctx: Ctx, input: Input): Promise<{ id: string; version: number }> {
  const { project } = await inProject(ctx, input.project, 'model.register')
  // Before the transaction: reading and inspecting a large file must hold no lock.
  const prepared = await prepare(ctx, project, input)
  return changeModel(ctx, { verb: 'model.register', input }, async (tx, { model }) => {
    const made = await insert(ctx, tx, { project, modelId: model.id, input, prepared })
    const { loggedModelId, inspected, runId } = prepared
    const named = { name: model.name, version: made.version }
    if (loggedModelId !== null) await noteVersionOnLoggedModel(tx, { projectId: project.id, loggedModelId, ...named })
    const { source, description, tags } = input
    const { format, sha256 } = inspected
    const why = inspected.format === 'opaque' ? { opaqueBecause: inspected.why } : {}
    return {
      answer: made,
      note: {
        ...{ action: 'model.registered', targetKind: 'model_version', targetId: made.id },
        summary: `Model ${model.name} v${made.version} registered from ${source}`,
        detail: { sha256, format, ...why, source, runId, loggedModelId, files: prepared.files.length },
      },
      changes: [
        { noun: 'model_version', id: made.id },
        { noun: 'model', id: model.id },
        // Its page lists the versions that were made of it.
        ...(runId === null ? [] : [{ noun: 'run', id: runId }]),
      ],
      events: [happenedToRegistry.versionCreated({ ...named, source, runId, description, tags })],
    }
  })
}

async function prepare(ctx: Ctx, project: Project, input: Input): Promise<Prepared> {
  const projectId = project.id
  const found = await filesOfSource(ctx, { projectId, source: input.source })
  const { runId, loggedModelId } = await lineageOf(ctx, { projectId, input, found })
  const run = runId === null ? null : await findSourceRun(ctx.db, { projectId, id: runId })
  const trainedOn = runId === null ? [] : await listTrainedOn(ctx.db, { projectId, runId })
  const keys = (project.kpis as Kpi[]).map(({ metric }) => metric)
  const reported = await readReportedMetrics(ctx.db, { runId, loggedModelId, keys })
  return {
    ...{ files: found.files, runId, loggedModelId },
    inspected: await inspectFiles(ctx, found.files),
    isVerified: await verifyFiles(ctx, found.files),
    codeCommit: run?.codeCommit ?? '',
    datasetVersionId: trainedOn.length === 1 ? (trainedOn[0] ?? null) : null,
    reported: Object.fromEntries([...reported].filter(([, value]) => Number.isFinite(value))),
    createdBy: await authorOf(ctx),
  }
}

/** The training process speaks for whoever submitted its job, who so cannot approve what it made. */
async function authorOf(ctx: Ctx): Promise<Actor> {
  const { principal } = ctx
  const submitter = principal.kind === 'attempt' ? await findSubmitter(ctx.db, principal.jobId) : null
  return submitter ?? actorOf(principal)
}

type Claim = { projectId: string; input: Input; found: SourceFiles }

async function lineageOf(ctx: Ctx, { projectId, input, found }: Claim) {
  const loggedModelId = agreed(input.loggedModelId, found.loggedModelId, 'model_id')
  const model = loggedModelId === null ? null : await findSourceLoggedModel(ctx.db, { projectId, id: loggedModelId })
  if (loggedModelId !== null && !model)
    refuse('not_found', 'there is no such logged model in this project', { field: 'model_id' })
  const runId = agreed(input.runId, found.runId ?? model?.runId ?? null, 'run_id')
  if (runId !== null && !(await findSourceRun(ctx.db, { projectId, id: runId })))
    refuse('not_found', 'there is no such run in this project', { field: 'run_id' })
  return { loggedModelId, runId }
}

function agreed(claimed: string | null, known: string | null, field: string): string | null {
  if (claimed !== null && known !== null && claimed !== known)
    refuse('invalid', `the source comes from another one than ${field} says`, { field })
  return known ?? claimed
}

type Insert = { project: Project; modelId: string; input: Input; prepared: Prepared }

async function insert(ctx: Ctx, tx: Db, { project, modelId, input, prepared }: Insert) {
  const { inspected, files, runId, loggedModelId, datasetVersionId, codeCommit, createdBy } = prepared
  const { format, sha256, sizeBytes, signature } = inspected
  const projectId = project.id
  const judged = await judgeVersion(tx, {
    ...{ projectId, modelId, kpis: project.kpis as Kpi[], signature, format, evaluations: [], datasetVersionId },
    ...{ artifactVerified: prepared.isVerified, reported: prepared.reported },
  })
  const id = ctx.newId('mv')
  const { source, runLink, description } = input
  const row = {
    ...{ id, projectId, modelId, format, sha256, sizeBytes, signature: signature ?? {}, classes: judged.classes },
    ...{ source, runLink, description, runId, loggedModelId, datasetVersionId, codeCommit },
    ...{ createdBy, createdAt: ctx.now(), stage: 'candidate' as const },
    ...{ gates: judged.gates, gatesPassed: judged.gatesPassed },
  }
  const version = await insertModelVersion(tx, row, [])
  await insertVersionFiles(tx, { projectId, modelVersionId: id, files })
  await setVersionTags(tx, { projectId, modelVersionId: id, tags: input.tags })
  return { id, version }
}
