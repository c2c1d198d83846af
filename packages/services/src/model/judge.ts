import type { ActorRef, EvaluationReport, GateResult, ModelSignature } from '@modelyard/contracts'
import { type Db, findDatasetVersion, findServingSignature, type NamedDatasetVersion } from '@modelyard/db'
import {
  judgeDatasetFit,
  judgePromotion,
  type KeptGate,
  type Kpi,
  type KpiMetric,
  keepWaivers,
  type LeakageVerdict,
  type PromotionFacts,
  type QualityVerdict,
  refuse,
  type Signature,
} from '@modelyard/domain'
import type { z } from 'zod'

export type Report = z.output<typeof EvaluationReport>
export type Candidate = {
  projectId: string
  modelId: string
  kpis: readonly Kpi[]
  /** Null for opaque formats. */
  signature: ModelSignature | null
  format?: 'onnx' | 'opaque'
  evaluations: readonly Report[]
  /** Metrics of a KPI's name that a client logged. */
  reported?: PromotionFacts['reported']
  datasetVersionId: string | null
  artifactVerified: boolean
  /** How it was judged before: waivers of what is found again stay. */
  earlier?: { gates: KeptGates; digest: string }
}
/** As a version's row keeps them. */
export type KeptGates = KeptGate<ActorRef>[]
export type Judgement = { gates: GateResult[]; gatesPassed: boolean; classes: string[] }

/** Seen only under traffic: the rollout guards watch it, no evaluation can. */
const LIVE_METRICS: ReadonlySet<KpiMetric> = new Set(['error_ratio'])

/** Every gate of a version that is about to be registered, from what is stored of its data and what serves now. */
export async function judgeVersion(db: Db, candidate: Candidate): Promise<Judgement> {
  const { projectId, datasetVersionId, signature, format = 'onnx', reported = {} } = candidate
  const trainedOn = datasetVersionId === null ? null : await findDatasetVersion(db, { projectId, id: datasetVersionId })
  if (datasetVersionId !== null && !trainedOn)
    refuse('not_found', `this project has no dataset version ${datasetVersionId}`, { field: 'datasetVersionId' })
  const serving = await findServingSignature(db, candidate.modelId)
  const verdict = judgePromotion({
    kpis: candidate.kpis.filter(({ metric }) => !LIVE_METRICS.has(metric)),
    measured: measuredOf(candidate.evaluations),
    ...{ reported, format },
    ...verdictsOf(trainedOn),
    signature,
    servingSignature: serving as Signature | null,
    artifactVerified: candidate.artifactVerified,
  })
  const fit = trainedOn && signature ? [judgeDatasetFit(signature, trainedOn.version.columns.length - 1)] : []
  const { earlier } = candidate
  const judged = [...verdict.gates, ...fit]
  const gates = earlier ? keepWaivers(judged, earlier) : judged
  return {
    gates,
    gatesPassed: gates.every(({ pass }) => pass),
    classes: trainedOn?.version.classes ?? [],
  }
}

/** What the dataset's registration found, in the shapes it was written in. */
function verdictsOf(trainedOn: NamedDatasetVersion | null): Pick<PromotionFacts, 'quality' | 'leakage'> {
  if (!trainedOn) return { quality: null, leakage: null }
  const gates = trainedOn.version.gates as QualityVerdict['gates']
  const leakage = trainedOn.version.leakage as LeakageVerdict['gates']
  const passed = (all: { pass: boolean }[]) => all.every(({ pass }) => pass)
  return { quality: { pass: passed(gates), gates }, leakage: { pass: passed(leakage), gates: leakage } }
}

/** The report that stands for a version: on rows it never saw. */
export function decisiveReport<T extends { split: string }>(reports: readonly T[]): T | null {
  return reports.find(({ split }) => split === 'test') ?? null
}

function measuredOf(reports: readonly Report[]): Partial<Record<KpiMetric, number>> {
  const report = decisiveReport(reports)
  if (!report) return {}
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const { perClass, latencyMs } = report
  return {
    accuracy: report.accuracy,
    macro_f1: report.macroF1,
    ...(perClass.length === 0
      ? {}
      : {
          macro_precision: mean(perClass.map(({ precision }) => precision)),
          macro_recall: mean(perClass.map(({ recall }) => recall)),
        }),
    ...(report.curves ? { auc: report.curves.macro.auc } : {}),
    ...(report.logLoss === null ? {} : { log_loss: report.logLoss }),
    p50_latency_ms: latencyMs.p50,
    p95_latency_ms: latencyMs.p95,
    p99_latency_ms: latencyMs.p99,
  }
}
