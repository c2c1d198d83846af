import {
  findLoggedModelOfRun,
  findModelVersion,
  findSourceLoggedModel,
  findSourceRun,
  listFilesUnder,
  listVersionFiles,
  type ModelVersionRow,
  type VersionFile,
} from '@modelyard/db'
import { type ModelSource, parseModelSource, refuse } from '@modelyard/domain'
import type { Ctx } from '../context.ts'

const MAX_FILES = 10_000

/** What a source names: its files as they are now, and what they came from. */
export type SourceFiles = {
  files: VersionFile[]
  runId: string | null
  loggedModelId: string | null
}
type Where = { projectId: string; source: string }

/**
 * The files that a source names in this project. Only what this installation holds can be a source: everything else is
 * refused, whatever tags come with it.
 * @throws Refusal `invalid` for another text, `not_found` for a run, model or version that is not there
 */
export async function filesOfSource(ctx: Ctx, { projectId, source: text }: Where): Promise<SourceFiles> {
  const source = parseModelSource(text)
  if (!source)
    return refuse(
      'invalid',
      'a version is registered from files of this server: runs:/<run id>/<path>, models:/<logged model id>, models:/<name>/<version> or an artifact URI of its own',
      { field: 'source' },
    )
  const found = await gather(ctx, { projectId, source })
  if (found.files.length > MAX_FILES) refuse('invalid', `a version has at most ${MAX_FILES} files`, { field: 'source' })
  return found
}

type Parsed = { projectId: string; source: ModelSource }

async function gather(ctx: Ctx, { projectId, source }: Parsed): Promise<SourceFiles> {
  switch (source.kind) {
    case 'run':
      return ofRun(ctx, projectId, source)
    case 'logged_model':
      return ofLoggedModel(ctx, projectId, source)
    case 'version':
      return ofVersion(ctx, { projectId, which: { model: source.model, version: source.version }, path: '' })
    case 'frozen':
      return ofVersion(ctx, { projectId, which: { id: source.modelVersionId }, path: source.path })
  }
}

/** MLflow 3 keeps what a run logged as a model of its own: a path without files may be the name of such a one. */
async function ofRun(
  ctx: Ctx,
  projectId: string,
  { runId, experiment, path }: Extract<ModelSource, { kind: 'run' }>,
): Promise<SourceFiles> {
  const run = await findSourceRun(ctx.db, { projectId, id: runId })
  requireFound(run, experiment)
  const files = await listFilesUnder(ctx.db, { projectId, ownerId: runId, path, limit: MAX_FILES + 1 })
  const loggedModelId = files.length > 0 ? null : await findLoggedModelOfRun(ctx.db, { projectId, runId, name: path })
  if (loggedModelId === null) return { files, runId, loggedModelId }
  return ofLoggedModel(ctx, projectId, { kind: 'logged_model', loggedModelId, experiment: null, path: '' })
}

async function ofLoggedModel(
  ctx: Ctx,
  projectId: string,
  { loggedModelId, experiment, path }: Extract<ModelSource, { kind: 'logged_model' }>,
): Promise<SourceFiles> {
  const model = await findSourceLoggedModel(ctx.db, { projectId, id: loggedModelId })
  requireFound(model, experiment)
  const files = await listFilesUnder(ctx.db, { projectId, ownerId: loggedModelId, path, limit: MAX_FILES + 1 })
  return { files, runId: model?.runId ?? null, loggedModelId }
}

/** What is there, and where the address says it is. */
function requireFound(found: { experiment: number } | null, experiment: number | null): void {
  if (found && (experiment === null || experiment === found.experiment)) return
  refuse('not_found', 'the source names a run or model that is not in this project', { field: 'source' })
}

type Which = { projectId: string; which: { id: string } | { model: string; version: number }; path: string }

/** A copy shares the files, which are frozen already. */
async function ofVersion(ctx: Ctx, { projectId, which, path }: Which): Promise<SourceFiles> {
  const found = await findModelVersion(ctx.db, { projectId, ...which })
  if (!found)
    return refuse('not_found', 'the source names a model version that is not in this project', { field: 'source' })
  const { version } = found
  const held = await heldFiles(ctx, version)
  const folder = path === '' ? '' : `${path}/`
  const files = held
    .filter((file) => file.path.startsWith(folder))
    .map((file) => ({ ...file, path: file.path.slice(folder.length) }))
  return { files, runId: version.runId, loggedModelId: version.loggedModelId }
}

/** The files of a version; one that was uploaded or made by a job is its one ONNX file. */
export async function heldFiles(ctx: Pick<Ctx, 'db'>, version: ModelVersionRow): Promise<VersionFile[]> {
  const files = await listVersionFiles(ctx.db, version.id)
  if (files.length > 0 || version.format === 'opaque') return files
  const { sha256, sizeBytes } = version
  return [{ path: 'model.onnx', sha256, sizeBytes, mediaType: 'application/octet-stream' }]
}
