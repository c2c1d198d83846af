import type { DatasetSummary, DatasetVersion } from '@modelyard/contracts'
import {
  findDatasetVersion,
  listDatasets as listRows,
  type NamedDatasetVersion,
  usersOfDatasetVersion,
} from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'

/** Datasets of a project by name, each with its newest version. */
export async function listDatasets(ctx: Ctx, input: { project: string }): Promise<z.output<typeof DatasetSummary>[]> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const rows = await listRows(ctx.db, project.id)
  return rows.map(({ latest, ...row }) => ({
    ...row,
    latest: { ...latest, createdAt: latest.createdAt.toISOString() },
  }))
}

export type WhichDatasetVersion = { project: string } & ({ id: string } | { name: string; version: number })

/** One version in full, by its id or by name and number. */
export async function getDatasetVersion(ctx: Ctx, input: WhichDatasetVersion): Promise<DatasetVersion> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const found = await findDatasetVersion(ctx.db, { ...input, projectId: project.id })
  const which = 'id' in input ? input.id : `${input.name} v${input.version}`
  return found
    ? versionView(ctx, found)
    : refuse('not_found', `there is no dataset version ${which} in ${input.project}`, { field: 'id' })
}

export async function datasetVersionById(ctx: Ctx, projectId: string, id: string): Promise<DatasetVersion> {
  const found = await findDatasetVersion(ctx.db, { projectId, id })
  if (!found) throw new Error(`dataset version ${id} is gone`)
  return versionView(ctx, found)
}

/** The columns that hold JSON were written by `registerDataset` in the shapes of the contract. */
async function versionView(ctx: Ctx, { version: row, name }: NamedDatasetVersion): Promise<DatasetVersion> {
  const { kind, train, validation, test, seed, groupColumn, parts } = row.split as DatasetVersion['split']
  return {
    id: row.id,
    datasetId: row.datasetId,
    name,
    version: row.version,
    sha256: row.sha256,
    sizeBytes: row.sizeBytes,
    rows: row.rows,
    labelColumn: row.labelColumn,
    description: row.description,
    licence: row.licence,
    sourceNote: row.sourceNote,
    columns: row.columns as DatasetVersion['columns'],
    classes: row.classes,
    split: { kind, train, validation, test, seed, ...(groupColumn === undefined ? {} : { groupColumn }), parts },
    gates: row.gates as DatasetVersion['gates'],
    leakage: row.leakage as DatasetVersion['leakage'],
    blocked: row.blocked,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    usedBy: await usersOfDatasetVersion(ctx.db, row.id),
  }
}
