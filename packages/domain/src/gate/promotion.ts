/** Gates of a model version: what must hold before it may serve. One verdict a line, in a fixed order. */
import type { LeakageVerdict } from '../dataset/leakage.ts'
import { listNames, type QualityVerdict } from '../dataset/quality.ts'
import { evaluateKpis, formatKpi, formatMeasured, type Kpi, type KpiMetric } from '../project/kpi.ts'
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
  waivers: readonly Waiver[]
}

/** A person's signed acceptance of one failed gate. */
export type Waiver = { gate: string; actor: string; reason: string }

export type PromotionGate = {
  gate: string
  pass: boolean
  verdict: 'pass' | 'fail' | 'unknown' | 'waived'
  observed: number | null
  threshold: number | null
  detail: string
}
type Verdict = Omit<PromotionGate, 'pass'>
export type PromotionVerdict = { pass: boolean; gates: PromotionGate[] }

/** Judge a version. Passes when every gate passes or is waived. The artifact gate can never be waived. */
export function judgePromotion(facts: PromotionFacts): PromotionVerdict {
  const gates = [
    artifactGate(facts),
    ...kpiGates(facts),
    datasetGate('dataset_quality', facts.quality === null ? null : failedQuality(facts.quality)),
    datasetGate('leakage', facts.leakage === null ? null : failedLeakage(facts.leakage)),
    signatureGate(facts),
  ].map((gate) => waive(gate, facts.waivers))
  return { pass: gates.every(({ pass }) => pass), gates }
}

function artifactGate({ artifactVerified }: PromotionFacts): Verdict {
  const detail = artifactVerified
    ? 'the stored bytes match their digest'
    : 'the stored bytes were not verified against their digest'
  return { gate: 'artifact', verdict: artifactVerified ? 'pass' : 'fail', observed: null, threshold: null, detail }
}

function kpiGates({ kpis, measured, reported = {} }: PromotionFacts): Verdict[] {
  return evaluateKpis(kpis, measured).map(({ kpi, verdict, observed }) => {
    const claimed = reported[kpi.metric] ?? null
    const said =
      observed !== null
        ? `measured ${formatMeasured(kpi, observed)}`
        : claimed !== null
          ? `${formatMeasured(kpi, claimed)} reported by the client, which no evaluation of ours has measured`
          : 'nobody measured it'
    const base = { gate: `kpi:${kpi.metric}`, verdict, threshold: kpi.target }
    return { ...base, observed: observed ?? claimed, detail: `${formatKpi(kpi)}: ${said}` }
  })
}

function failedQuality(quality: QualityVerdict): string[] {
  return quality.gates.filter(({ pass }) => !pass).map(({ detail }) => detail)
}

function failedLeakage(leakage: LeakageVerdict): string[] {
  return leakage.gates.filter(({ pass }) => !pass).map(({ detail }) => detail)
}

function datasetGate(gate: string, failures: string[] | null): Verdict {
  const base = { gate, observed: failures?.length ?? null, threshold: 0 }
  if (failures === null) return { ...base, verdict: 'unknown', detail: 'the training dataset version is not known' }
  if (failures.length === 0) return { ...base, verdict: 'pass', detail: 'nothing found' }
  return { ...base, verdict: 'fail', detail: failures.join('; ') }
}

function signatureGate({ signature, servingSignature, format }: PromotionFacts): Verdict {
  const base = { gate: 'signature', observed: null, threshold: null }
  if (format === 'opaque')
    return { ...base, verdict: 'pass', detail: 'opaque formats are kept and never served, so nothing has to fit' }
  if (signature === null) return { ...base, verdict: 'unknown', detail: 'the model has no readable signature' }
  if (servingSignature === null) return { ...base, verdict: 'pass', detail: 'nothing serves yet that it must fit' }
  const differences = diffSignatures(servingSignature, signature)
  if (differences.length === 0)
    return { ...base, verdict: 'pass', detail: 'takes and gives what the serving version does' }
  return { ...base, verdict: 'fail', detail: listNames(differences) }
}

function waive(gate: Verdict, waivers: readonly Waiver[]): PromotionGate {
  const waiver = waivers.find((candidate) => candidate.gate === gate.gate)
  if (waiver === undefined || gate.verdict === 'pass' || gate.gate === 'artifact') {
    return { ...gate, pass: gate.verdict === 'pass' }
  }
  return {
    ...gate,
    pass: true,
    verdict: 'waived',
    detail: `${gate.detail}; waived by ${waiver.actor}: ${waiver.reason}`,
  }
}
