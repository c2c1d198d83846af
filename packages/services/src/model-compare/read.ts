import type {
  ComparedFact,
  CompareModelVersions,
  EvaluationReport,
  GateResult,
  ModelComparison,
  ModelSignature,
} from '@modelyard/contracts'
import {
  findModelVersions,
  type LoggedOfRun,
  listEvaluations,
  type NamedModelVersion,
  nameDatasetVersions,
  readLoggedOfRuns,
} from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { summaries } from '../model/view.ts'
import { compareMetrics } from './metrics.ts'

const MAX_LOGGED = 4_000

/**
 * Two to ten versions side by side: measurements with their distance from the baseline, gates, and what differs in
 * parameters, data, code and signature.
 * @throws Refusal `not_found` naming the version that the project lacks, `invalid` for a baseline that is none of them
 */
export async function compareModelVersions(
  ctx: Ctx,
  input: z.output<typeof CompareModelVersions>,
): Promise<ModelComparison> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const rows = await findModelVersions(ctx.db, { projectId: project.id, ids: input.versions })
  const found = input.versions.map(
    (id) =>
      rows.find(({ version }) => version.id === id) ??
      refuse('not_found', `there is no model version ${id} in ${input.project}`, { field: 'versions' }),
  )
  const baseline = input.baseline === undefined ? 0 : input.versions.indexOf(input.baseline)
  if (baseline === -1) refuse('invalid', 'the baseline is none of the versions compared', { field: 'baseline' })
  const shown = await summaries(ctx, found)
  const { runs, params } = await logged(ctx, found)
  const reports = await listEvaluations(ctx.db, input.versions)
  const measured = found.map(({ version }) => ({
    sizeBytes: version.sizeBytes,
    evaluations: reports
      .filter(({ modelVersionId }) => modelVersionId === version.id)
      .map(({ report }) => report as EvaluationReport),
    logged: runs.get(version.runId ?? '') ?? new Map<string, number>(),
  }))
  return {
    baseline,
    versions: shown.map((summary, column) => ({ ...summary, ...originOf(found[column]) })),
    metrics: compareMetrics(measured, baseline),
    gates: gatesOf(found),
    facts: await factsOf(ctx, found),
    params: [...params.keys()].map((name) =>
      factOf(name, found, ({ version }) => params.get(name)?.get(version.runId ?? '')),
    ),
    signature: signatureOf(found),
  }
}

type Found = NamedModelVersion

function originOf(found: Found | undefined) {
  return {
    runId: found?.version.runId ?? null,
    jobId: found?.version.jobId ?? null,
    datasetVersionId: found?.version.datasetVersionId ?? null,
  }
}

/** Metrics by run and key, parameters by key and run. */
async function logged(ctx: Ctx, found: readonly Found[]) {
  const runIds = [...new Set(found.map(({ version }) => version.runId).filter((id) => id !== null))]
  const rows = await readLoggedOfRuns(ctx.db, { runIds, limit: MAX_LOGGED })
  return {
    runs: nested(rows.metrics, (row) => [row.runId, row.key]),
    params: nested(rows.params, (row) => [row.key, row.runId]),
  }
}

function nested<T>(
  rows: readonly LoggedOfRun<T>[],
  path: (row: LoggedOfRun<T>) => [string, string],
): Map<string, Map<string, T>> {
  const outer = new Map<string, Map<string, T>>()
  for (const row of rows) {
    const [first, second] = path(row)
    outer.set(first, (outer.get(first) ?? new Map<string, T>()).set(second, row.value))
  }
  return outer
}

function factOf(name: string, found: readonly Found[], read: (one: Found) => string | null | undefined): ComparedFact {
  const values = found.map((one) => read(one) ?? null)
  return { name, values, differs: new Set(values).size > 1 }
}

function gatesOf(found: readonly Found[]): ModelComparison['gates'] {
  const all = found.map(({ version }) => version.gates as GateResult[])
  const names = [...new Set(all.flatMap((gates) => gates.map(({ gate }) => gate)))]
  return names.map((gate) => ({ gate, results: all.map((gates) => gates.find((each) => each.gate === gate) ?? null) }))
}

async function factsOf(ctx: Ctx, found: readonly Found[]): Promise<ComparedFact[]> {
  const ids = found.map(({ version }) => version.datasetVersionId).filter((id) => id !== null)
  const named = await nameDatasetVersions(ctx.db, ids)
  const dataset = ({ version }: Found): string | null => {
    const one = named.get(version.datasetVersionId ?? '')
    return one === undefined ? null : `${one.name} v${one.version}`
  }
  return [
    factOf('format', found, ({ version }) => version.format),
    factOf('dataset', found, dataset),
    factOf('code', found, ({ version }) => version.codeCommit || null),
    factOf('classes', found, ({ version }) => version.classes.join(', ') || null),
    factOf('sha256', found, ({ version }) => version.sha256),
  ]
}

/** What an opaque version was registered with in place of a signature has no tensors. */
function tensorsOf({ version }: Found, side: 'input' | 'output') {
  const signature = version.signature as Partial<ModelSignature>
  return (side === 'input' ? signature.inputs : signature.outputs) ?? []
}

function signatureOf(found: readonly Found[]): ModelComparison['signature'] {
  return (['input', 'output'] as const).flatMap((side) => {
    const names = [...new Set(found.flatMap((one) => tensorsOf(one, side).map(({ name }) => name)))]
    return names.map((name) => ({
      side,
      ...factOf(name, found, (one) => {
        const tensor = tensorsOf(one, side).find((each) => each.name === name)
        return tensor && `${tensor.dtype}[${tensor.shape.join(', ')}]`
      }),
    }))
  })
}
