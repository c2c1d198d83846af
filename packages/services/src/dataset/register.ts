import { type DatasetVersion, QualityThresholds, type RegisterDataset } from '@modelyard/contracts'
import { findSameVersion, insertBlobAccess, insertDatasetVersion, lockDataset } from '@modelyard/db'
import { canonicalJson, type Json } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject, type Project } from '../access.ts'
import { holding } from '../artifact/hold.ts'
import { actorOf, type Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'
import { readableBlob } from '../upload/open.ts'
import { type Description, describeTable } from './describe.ts'
import { datasetVersionById } from './read.ts'
import { readTable } from './read-table.ts'

type Input = z.output<typeof RegisterDataset>

/**
 * Read an uploaded table and freeze it as the next version of a dataset: profile, gates, split and leakage are judged
 * once and never change. The same bytes with the same settings are the version that is there already.
 */
export async function registerDataset(ctx: Ctx, input: Input): Promise<DatasetVersion> {
  const { project } = await inProject(ctx, input.project, 'dataset.write')
  const { sizeBytes } = await readableBlob(ctx, { projectId: project.id, sha256: input.sha256 })
  const thresholds = QualityThresholds.parse(input.thresholds ?? {})
  const settingsHash = hashSettings(ctx, { input, project, thresholds })
  const same = { projectId: project.id, name: input.name, settingsHash }
  const known = await findSameVersion(ctx.db, same)
  const read = known ? null : await readAndDescribe(ctx, { input, project, thresholds, sizeBytes })
  const { idempotencyKey, ...request } = input
  const { id } = await mutate(
    ctx,
    { verb: 'dataset.register', projectId: project.id, idempotency: { key: idempotencyKey, request } },
    async (tx) => {
      const { id: datasetId } = await lockDataset(tx, { ...same, newId: ctx.newId('ds'), now: ctx.now() })
      const found = await findSameVersion(tx, same)
      // Versions are never deleted, so what was known before is found again.
      if (found || !read) return { answer: { id: found?.id ?? known?.id ?? '' }, note: null, changes: [] }
      const id = ctx.newId('dsv')
      const blob = { projectId: project.id, sha256: read.rowsBlob.sha256, sizeBytes: read.rowsBlob.sizeBytes }
      await insertBlobAccess(tx, { ...blob, now: ctx.now() })
      const row = rowOf(read, { ctx, input, thresholds })
      const split = { ...row.split, settingsHash }
      const version = await insertDatasetVersion(tx, { ...row, split, id, datasetId, projectId: project.id, sizeBytes })
      return {
        answer: { id },
        note: {
          action: 'dataset.registered',
          targetKind: 'dataset_version',
          targetId: id,
          summary: `Dataset ${input.name} v${version} registered${row.blocked ? ', blocked by its gates' : ''}`,
          detail: { sha256: input.sha256, rows: row.rows, blocked: row.blocked, failed: failedGates(read.description) },
        },
        changes: [{ noun: 'dataset_version', id }],
      }
    },
  )
  return datasetVersionById(ctx, project.id, id)
}

type Thresholds = z.output<typeof QualityThresholds>
type Reading = { description: Description; rows: number; rowsBlob: { sha256: string; sizeBytes: number } }

/** Before the transaction: reading takes long, and the bytes under a hash cannot change meanwhile. */
async function readAndDescribe(
  ctx: Ctx,
  args: { input: Input; project: Project; thresholds: Thresholds; sizeBytes: number },
): Promise<Reading> {
  const { input, project, thresholds, sizeBytes } = args
  const table = await readTable({ body: await ctx.blobs.open(input.sha256), format: input.format, sizeBytes })
  const settings = { task: project.task, labelColumn: input.labelColumn, split: input.split, thresholds }
  const description = await describeTable(table, settings)
  const rows = Buffer.from(JSON.stringify(description.rows))
  const rowsBlob = await ctx.blobs.put(rows, { beforeShown: holding(ctx) })
  return { description, rows: table.rows, rowsBlob }
}

function rowOf(read: Reading, { ctx, input, thresholds }: { ctx: Ctx; input: Input; thresholds: Thresholds }) {
  const { classes, columns, gates, leakage, blocked, parts } = read.description
  const { sha256, format, labelColumn, description, licence, sourceNote } = input
  return {
    ...{ sha256, format, labelColumn, description, licence, sourceNote },
    ...{ classes, columns, gates, leakage, blocked },
    rows: read.rows,
    split: { ...input.split, parts, thresholds, rowsSha256: read.rowsBlob.sha256 },
    createdBy: actorOf(ctx.principal),
    createdAt: ctx.now(),
  }
}

/** What decides a version's content; words about it (description, licence) do not. */
function hashSettings(ctx: Ctx, args: { input: Input; project: Project; thresholds: Thresholds }): string {
  const { sha256, format, labelColumn, split } = args.input
  const decisive = { sha256, format, labelColumn, split, thresholds: args.thresholds, task: args.project.task }
  return ctx.sha256(canonicalJson(JSON.parse(JSON.stringify(decisive)) as Json))
}

function failedGates({ gates, leakage }: Description): string[] {
  return [...gates, ...leakage].filter(({ pass }) => !pass).map(({ gate }) => gate)
}
