import { type DriftPoint, DriftReport } from '@modelyard/contracts'
import { findReport, listReports, tables } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'

/** Verdicts of an endpoint's windows, newest first. */
export async function listDrift(
  ctx: Ctx,
  input: { project: string; endpointId: string; limit: number },
): Promise<z.output<typeof DriftPoint>[]> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const rows = await listReports(ctx.db, { projectId: project.id, endpointId: input.endpointId, limit: input.limit })
  return rows.map(({ windowTo, ...row }) => ({ ...row, at: windowTo.toISOString() }))
}

/** One report with every feature, the worst first. */
export async function getDrift(
  ctx: Ctx,
  input: { project: string; reportId: string },
): Promise<z.output<typeof DriftReport>> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const found = await findReport(ctx.db, { projectId: project.id, id: input.reportId })
  if (!found) return refuse('not_found', 'there is no such drift report in this project', { field: 'reportId' })
  const { report } = found
  return DriftReport.parse({
    ...report,
    endpoint: found.endpoint,
    variant: found.variant,
    referenceName: await referenceName(ctx, report.referenceDatasetVersionId),
    windowFrom: report.windowFrom.toISOString(),
    windowTo: report.windowTo.toISOString(),
    createdAt: report.createdAt.toISOString(),
  })
}

async function referenceName(ctx: Ctx, datasetVersionId: string): Promise<string> {
  const [row] = await ctx.db
    .select({ name: tables.dataset.name, version: tables.datasetVersion.version })
    .from(tables.datasetVersion)
    .innerJoin(tables.dataset, eq(tables.dataset.id, tables.datasetVersion.datasetId))
    .where(eq(tables.datasetVersion.id, datasetVersionId))
  return row ? `${row.name} v${row.version}, training rows` : 'a dataset that is gone'
}
