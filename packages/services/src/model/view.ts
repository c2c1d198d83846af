import type { Approval, ModelSignature, ModelVersion, ModelVersionSummary } from '@modelyard/contracts'
import {
  type ApprovalRow,
  aliasesOf,
  findDatasetOf,
  listApprovals,
  listEvaluations,
  listLiveOn,
  type NamedModelVersion,
  readVersionRecords,
} from '@modelyard/db'
import type { z } from 'zod'
import type { Ctx } from '../context.ts'
import { evaluationState } from './evaluation-state.ts'
import { heldFiles } from './files.ts'
import { decisiveReport, type Report } from './judge.ts'

export type Summary = z.output<typeof ModelVersionSummary>
export type ApprovalView = z.output<typeof Approval>

/** Summaries of several versions in the order given, with where each takes traffic. */
export async function summaries(ctx: Ctx, found: readonly NamedModelVersion[]): Promise<Summary[]> {
  const ids = found.map(({ version }) => version.id)
  const aliases = await aliasesOf(ctx.db, ids)
  const evaluations = await listEvaluations(ctx.db, ids)
  const live = await listLiveOn(ctx.db, ids)
  return found.map(({ version, model }) => {
    const reports = evaluations.filter(({ modelVersionId }) => modelVersionId === version.id)
    const report = decisiveReport(reports)?.report as Report | undefined
    return {
      id: version.id,
      model,
      version: version.version,
      stage: version.stage,
      mlflowStage: version.mlflowStage,
      format: version.format,
      sha256: version.sha256,
      aliases: aliases.filter(({ modelVersionId }) => modelVersionId === version.id).map(({ alias }) => alias),
      description: version.description,
      accuracy: report?.accuracy ?? null,
      p95LatencyMs: report?.latencyMs.p95 ?? null,
      gatesPassed: version.gatesPassed,
      liveOn: live
        .filter(({ modelVersionId }) => modelVersionId === version.id)
        .map(({ endpointId, endpoint, variant, isStable }) => {
          return { endpointId, endpoint, variant, role: isStable ? ('stable' as const) : ('canary' as const) }
        }),
      createdAt: version.createdAt.toISOString(),
    }
  })
}

/** A version in full. The columns that hold JSON were written in the shapes of the contract. */
export async function modelVersionView(ctx: Ctx, found: NamedModelVersion): Promise<ModelVersion> {
  const { version } = found
  const [summary] = await summaries(ctx, [found])
  if (!summary) throw new Error('a version has one summary')
  const trainedOn = version.datasetVersionId === null ? null : await findDatasetOf(ctx.db, version.datasetVersionId)
  const evaluations = await listEvaluations(ctx.db, [version.id])
  const approvals = await listApprovals(ctx.db, version.id)
  const [record] = await readVersionRecords(ctx.db, { projectId: version.projectId, ids: [version.id] })
  return {
    ...summary,
    sizeBytes: version.sizeBytes,
    signature: version.format === 'onnx' ? (version.signature as ModelSignature) : null,
    classes: version.classes,
    lineage: {
      runId: version.runId,
      loggedModelId: version.loggedModelId,
      jobId: version.jobId,
      datasetVersionId: version.datasetVersionId,
      datasetName: trainedOn?.name ?? null,
      datasetVersion: trainedOn?.version ?? null,
      codeCommit: version.codeCommit,
    },
    evaluations: evaluations.map(({ report }) => report as Report),
    ...(await evaluationState(ctx.db, version)),
    gates: version.gates as ModelVersion['gates'],
    approvals: approvals.map(approvalView),
    tags: record?.tags ?? [],
    files: await heldFiles(ctx, version),
    source: version.source,
    runLink: version.runLink,
    createdBy: version.createdBy,
    updatedAt: version.updatedAt.toISOString(),
  }
}

export function approvalView(row: ApprovalRow): ApprovalView {
  return {
    id: row.id,
    state: row.state,
    digest: row.digest,
    requestedBy: row.requestedBy,
    requestedAt: row.requestedAt.toISOString(),
    decidedBy: row.decidedBy,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    comment: row.comment,
  }
}
