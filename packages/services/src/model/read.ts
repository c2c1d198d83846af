import type { ModelSummary, ModelVersion } from '@modelyard/contracts'
import {
  findModelVersion,
  listModels as listModelRows,
  listModelVersions as listRows,
  type NamedModelVersion,
  readModelRecords,
} from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { refuseModel } from './change.ts'
import { modelVersionView, type Summary, summaries } from './view.ts'

const MAX_LISTED = 500

/** Models of a project by name, each with its newest version. */
export async function listModels(ctx: Ctx, input: { project: string }): Promise<z.output<typeof ModelSummary>[]> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const rows = await listModelRows(ctx.db, project.id)
  const newest = await listRows(ctx.db, { projectId: project.id, newestOnly: true, limit: MAX_LISTED })
  return withLabels(ctx, { projectId: project.id, rows, newest })
}

/** One model with its labels and newest version. */
export async function getModel(ctx: Ctx, input: { project: string; model: string }) {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const { model } = input
  const rows = (await listModelRows(ctx.db, project.id)).filter(({ name }) => name === model)
  const newest = await listRows(ctx.db, { projectId: project.id, model, newestOnly: true, limit: 1 })
  const [found] = await withLabels(ctx, { projectId: project.id, rows, newest })
  return found ?? refuseModel(model)
}

type Listed = { projectId: string; rows: Awaited<ReturnType<typeof listModelRows>>; newest: NamedModelVersion[] }

async function withLabels(ctx: Ctx, { projectId, rows, newest }: Listed): Promise<z.output<typeof ModelSummary>[]> {
  const versions = new Map(rows.map((row) => [row.id, row.versions]))
  const shown = new Map((await summaries(ctx, newest)).map((summary) => [summary.model, summary]))
  const records = await readModelRecords(ctx.db, { projectId, ids: rows.map(({ id }) => id) })
  return records.map(({ id, name, description, tags, aliases, createdAt, updatedAt }) => ({
    ...{ id, name, description, tags, aliases },
    versions: versions.get(id) ?? 0,
    latest: shown.get(name) ?? null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }))
}

/** Versions of one model, newest first. */
export async function listModelVersions(ctx: Ctx, input: { project: string; model: string }): Promise<Summary[]> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  return summaries(ctx, await listRows(ctx.db, { projectId: project.id, model: input.model, limit: MAX_LISTED }))
}

export type WhichModelVersion = { project: string } & ({ modelVersionId: string } | { model: string; version: number })

/** One version in full, by its id or by name and number. */
export async function getModelVersion(ctx: Ctx, input: WhichModelVersion): Promise<ModelVersion> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const which = 'modelVersionId' in input ? { id: input.modelVersionId } : input
  const found = await findModelVersion(ctx.db, { ...which, projectId: project.id })
  const name = 'id' in which ? which.id : `${which.model} v${which.version}`
  return found
    ? modelVersionView(ctx, found)
    : refuse('not_found', `there is no model version ${name} in ${input.project}`, { field: 'modelVersionId' })
}

export async function modelVersionById(ctx: Ctx, projectId: string, id: string): Promise<ModelVersion> {
  const found = await findModelVersion(ctx.db, { projectId, id })
  if (!found) throw new Error(`model version ${id} is gone`)
  return modelVersionView(ctx, found)
}
