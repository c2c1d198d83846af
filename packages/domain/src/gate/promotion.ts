/** Gates of a model version: what must hold before it may serve. One verdict a line, in a fixed order. */
import type { LeakageVerdict } from '../dataset/leakage.ts'
import type { QualityVerdict } from '../dataset/quality.ts'
import { evaluateKpis, formatKpi, formatMeasured, type Kpi, type KpiMetric } from '../project/kpi.ts'
import { type Reason, type Said, say, sayAll } from '../reason.ts'
import { diffSignatures, type Signature } from './signature.ts'

/** All that is known; null where nothing is known, which never passes a blocking gate. */
export type PromotionFacts = {
  kpis: readonly Kpi[]
  /** By our own evaluator. */
  measured: Partial<Record<KpiMetric, number>>
  /** What a client says it measured: shown, and never enough to pass. */
  reported?: Partial<Record<KpiMetric, number>>
  quality: QualityVerdict | null
  leakage: LeakageVerdict | null
  signature: Signature | null
  /** Opaque formats are never served, so nothing has to fit them. */
  format?: 'onnx' | 'opaque'
  /** The signature now serving at the endpoint, if the version is meant to replace one. */
  servingSignature: Signature | null
  artifactVerified: boolean
}

export type PromotionGate = {
  gate: string
  pass: boolean
  /** `waived`: it did not pass, and a person lets it. */
  verdict: 'pass' | 'fail' | 'unknown' | 'waived'
  observed: number | null
  threshold: number | null
  detail: string
  reason: Reason
}
type Verdict = Omit<PromotionGate, 'pass'>
export type PromotionVerdict = { pass: boolean; gates: PromotionGate[] }

/** Judge a version. Passes when every gate passes. */
export function judgePromotion(facts: PromotionFacts): PromotionVerdict {
  const gates = [
    artifactGate(facts),
    ...kpiGates(facts),
    datasetGate('dataset_quality', failuresOf(facts.quality)),
    datasetGate('leakage', failuresOf(facts.leakage)),
    signatureGate(facts),
  ].map((gate) => ({ ...gate, pass: gate.verdict === 'pass' }))
  return { pass: gates.every(({ pass }) => pass), gates }
}

function artifactGate({ artifactVerified }: PromotionFacts): Verdict {
  const said = say(artifactVerified ? 'artifact_verified' : 'artifact_unverified', {})
  return { gate: 'artifact', verdict: artifactVerified ? 'pass' : 'fail', observed: null, threshold: null, ...said }
}

function kpiGates({ kpis, measured, reported = {} }: PromotionFacts): Verdict[] {
  return evaluateKpis(kpis, measured).map(({ kpi, verdict, observed }) => {
    const claimed = reported[kpi.metric] ?? null
    const base = { gate: `kpi:${kpi.metric}`, verdict, threshold: kpi.target }
    return { ...base, observed: observed ?? claimed, ...sayMeasured(kpi, { observed, claimed }) }
  })
}

function sayMeasured(kpi: Kpi, { observed, claimed }: { observed: number | null; claimed: number | null }): Said {
  const asked = { kpi: formatKpi(kpi) }
  if (observed !== null) return say('kpi_measured', { ...asked, value: formatMeasured(kpi, observed) })
  if (claimed !== null) return say('kpi_reported', { ...asked, value: formatMeasured(kpi, claimed) })
  return say('kpi_unmeasured', asked)
}

/** What failed, in the words of the gate; datasets from before reasons had codes have the sentence alone. */
function failuresOf(verdict: QualityVerdict | LeakageVerdict | null): Said[] | null {
  const failed = verdict?.gates.filter(({ pass }) => !pass)
  return failed?.map(({ detail, reason }) => (reason ? { detail, reason } : say('other', { text: detail }))) ?? null
}

function datasetGate(gate: string, failures: Said[] | null): Verdict {
  const base = { gate, observed: failures?.length ?? null, threshold: 0 }
  if (failures === null) return { ...base, verdict: 'unknown', ...say('data_unknown', {}) }
  if (failures.length === 0) return { ...base, verdict: 'pass', ...say('data_clean', {}) }
  return { ...base, verdict: 'fail', ...sayAll('data_faulty', failures) }
}

function signatureGate({ signature, servingSignature, format }: PromotionFacts): Verdict {
  const base = { gate: 'signature', observed: null, threshold: null }
  if (format === 'opaque') return { ...base, verdict: 'pass', ...say('signature_opaque', {}) }
  if (signature === null) return { ...base, verdict: 'unknown', ...say('signature_unread', {}) }
  if (servingSignature === null) return { ...base, verdict: 'pass', ...say('signature_first', {}) }
  const differences = diffSignatures(servingSignature, signature)
  if (differences.length === 0) return { ...base, verdict: 'pass', ...say('signature_fits', {}) }
  return { ...base, verdict: 'fail', ...sayAll('signature_differs', differences) }
}
