import {
  findAlias,
  findExperimentNumber,
  findModelNamed,
  findModelVersion,
  latestPerStage,
  type ModelRecordRow,
  readModelRecords,
  readVersionRecords,
  type VersionRecord,
} from '@modelyard/db'
import { hexOfId, refuse, stageNamed } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { refuseModel, refuseVersion } from './change.ts'

export type { VersionRecord } from '@modelyard/db'
/** A registered model as MLflow shows it: with the newest version of each stage. */
export type ModelRecord = Omit<ModelRecordRow, 'latestIds'> & { latestVersions: VersionRecord[] }

type Which = { project: string; model: string }

/** Models by id in the order given; two statements for any number. */
export async function modelRecords(
  ctx: Pick<Ctx, 'db'>,
  args: { projectId: string; ids: readonly string[] },
): Promise<ModelRecord[]> {
  const rows = await readModelRecords(ctx.db, args)
  const ids = rows.flatMap(({ latestIds }) => latestIds)
  const versions = new Map(
    (await readVersionRecords(ctx.db, { projectId: args.projectId, ids })).map((record) => [record.id, record]),
  )
  return rows.map(({ latestIds, ...row }) => ({
    ...row,
    latestVersions: latestIds.map((id) => versions.get(id)).filter((record) => record !== undefined),
  }))
}

/** Versions by id in the order given; one statement. */
export async function versionRecords(
  ctx: Pick<Ctx, 'db'>,
  args: { projectId: string; ids: readonly string[] },
): Promise<VersionRecord[]> {
  return readVersionRecords(ctx.db, args)
}

export async function getModelRecord(ctx: Ctx, input: Which): Promise<ModelRecord> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const id = (await findModelNamed(ctx.db, { projectId: project.id, name: input.model })) ?? refuseModel(input.model)
  const [record] = await modelRecords(ctx, { projectId: project.id, ids: [id] })
  return record ?? refuseModel(input.model)
}

export async function getVersionRecord(ctx: Ctx, input: Which & { version: number }): Promise<VersionRecord> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const { model, version } = input
  const found = await findModelVersion(ctx.db, { projectId: project.id, model, version })
  const [record] = found ? await readVersionRecords(ctx.db, { projectId: project.id, ids: [found.version.id] }) : []
  return record ?? refuseVersion(model, version)
}

/** The version an alias points at. A model without that alias is told apart from no model: clients rely on it. */
export async function getVersionByAlias(ctx: Ctx, input: Which & { alias: string }): Promise<VersionRecord> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const { model, alias } = input
  const modelId = (await findModelNamed(ctx.db, { projectId: project.id, name: model })) ?? refuseModel(model)
  const found = await findAlias(ctx.db, { modelId, alias })
  const [record] = found ? await readVersionRecords(ctx.db, { projectId: project.id, ids: [found.id] }) : []
  return record ?? refuse('invalid', `the model "${model}" has no alias "${alias}"`, { field: 'alias' })
}

/** The newest version of each stage, or of those named; oldest first. */
export async function latestVersions(ctx: Ctx, input: Which & { stages: readonly string[] }): Promise<VersionRecord[]> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const modelId =
    (await findModelNamed(ctx.db, { projectId: project.id, name: input.model })) ?? refuseModel(input.model)
  const stages = input.stages.map(requireStage)
  const ids = await latestPerStage(ctx.db, stages.length === 0 ? { modelId } : { modelId, stages })
  return readVersionRecords(ctx.db, { projectId: project.id, ids })
}

/** Where the frozen files of a version are fetched, whatever became of its source. */
export async function downloadUri(ctx: Ctx, input: Which & { version: number }): Promise<string> {
  const { id, runId } = await getVersionRecord(ctx, input)
  const experiment = runId === null ? 0 : ((await findExperimentNumber(ctx.db, runId)) ?? 0)
  return `mlflow-artifacts:/${experiment}/versions/${hexOfId(id)}/artifacts`
}

/** @throws Refusal `invalid` naming the stages there are */
export function requireStage(text: string) {
  const stage = stageNamed(text)
  return (
    stage ??
    refuse('invalid', `"${text}" is no stage; there are None, Staging, Production, Archived`, { field: 'stage' })
  )
}
