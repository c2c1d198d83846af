import { describe, expect, it } from 'vitest'
import { type Approval, type ApprovalFacts, judgeApproval, whyNotApprover } from './approval.ts'
import { judgePromotion, type PromotionFacts } from './promotion.ts'
import { diffSignatures, type Signature, type TensorSpec } from './signature.ts'

const tensor = (over: Partial<TensorSpec> = {}): TensorSpec => ({
  name: 'x',
  dtype: 'float32',
  shape: ['batch', 64],
  ...over,
})
const signature = (over: Partial<Signature> = {}): Signature => ({
  inputs: [tensor()],
  outputs: [tensor({ name: 'probabilities', shape: ['batch', 10] })],
  ...over,
})

const good: PromotionFacts = {
  kpis: [
    { metric: 'accuracy', op: '>=', target: 0.9 },
    { metric: 'p95_latency_ms', op: '<=', target: 100 },
  ],
  measured: { accuracy: 0.94, p95_latency_ms: 12 },
  quality: { pass: true, gates: [] },
  leakage: { pass: true, gates: [] },
  signature: signature(),
  servingSignature: signature(),
  artifactVerified: true,
}

describe('judgePromotion', () => {
  it('passes what meets everything, one line a gate', () => {
    const verdict = judgePromotion(good)
    expect(verdict.pass).toBe(true)
    expect(verdict.gates.map(({ gate }) => gate)).toEqual([
      'artifact',
      'kpi:accuracy',
      'kpi:p95_latency_ms',
      'dataset_quality',
      'leakage',
      'signature',
    ])
  })

  const leak = { gate: 'same_row' as const, pass: false, observed: 3, threshold: 0, detail: '3 rows', rows: [] }
  it.each<[string, Partial<PromotionFacts>, string]>([
    ['kpi:accuracy', { measured: { accuracy: 0.89, p95_latency_ms: 12 } }, 'fail'],
    ['kpi:p95_latency_ms', { measured: { accuracy: 0.94 } }, 'unknown'],
    ['dataset_quality', { quality: null }, 'unknown'],
    ['leakage', { leakage: { pass: false, gates: [leak] } }, 'fail'],
    ['signature', { signature: signature({ inputs: [tensor({ shape: ['batch', 65] })] }) }, 'fail'],
    ['signature', { signature: null }, 'unknown'],
    ['artifact', { artifactVerified: false }, 'fail'],
  ])('is stopped by %s with %o', (gate, over, verdict) => {
    const judged = judgePromotion({ ...good, ...over })
    expect(judged.pass).toBe(false)
    expect(judged.gates.filter(({ pass }) => !pass)).toMatchObject([{ gate, verdict }])
  })

  it('shows what a client reports, and does not take its word', () => {
    const judged = judgePromotion({ ...good, measured: {}, reported: { accuracy: 0.99 } })
    expect(judged.pass).toBe(false)
    expect(judged.gates[1]).toMatchObject({
      ...{ gate: 'kpi:accuracy', verdict: 'unknown', pass: false, observed: 0.99, threshold: 0.9 },
      detail: expect.stringContaining('reported by the client'),
    })
    const measured = judgePromotion({ ...good, reported: { accuracy: 0.1 } })
    expect(measured.gates[1]).toMatchObject({ verdict: 'pass', observed: 0.94 })
  })

  it('asks no signature of what is never served', () => {
    expect(judgePromotion({ ...good, format: 'opaque', signature: null }).pass).toBe(true)
  })
})

describe('diffSignatures', () => {
  it.each<[string, Signature, number]>([
    ['the same', signature(), 0],
    ['another name of a free dimension', signature({ inputs: [tensor({ shape: ['N', 64] })] }), 0],
    ['a fixed size where any was served', signature({ inputs: [tensor({ shape: [1, 64] })] }), 1],
    ['a free size where a fixed one was served', signature({ inputs: [tensor({ shape: ['batch', null] })] }), 0],
    ['another rank', signature({ inputs: [tensor({ shape: ['batch', 8, 8] })] }), 1],
    ['another type', signature({ inputs: [tensor({ dtype: 'float64' })] }), 1],
    ['another input name', signature({ inputs: [tensor({ name: 'pixels' })] }), 2],
    ['one input more', signature({ inputs: [tensor(), tensor({ name: 'age' })] }), 1],
    ['one output more', signature({ outputs: [...signature().outputs, tensor({ name: 'extra' })] }), 0],
    ['one output less', signature({ outputs: [] }), 1],
  ])('%s', (_, next, differences) => {
    expect(diffSignatures(signature(), next)).toHaveLength(differences)
  })
})

describe('judgeApproval', () => {
  const approval = (over: Partial<Approval> = {}): Approval => ({
    actor: 'Grace',
    digest: 'd1',
    approvedAtMs: 0,
    expiresAtMs: 1000,
    withdrawn: false,
    ...over,
  })
  const facts = (approvals: Approval[], over: Partial<ApprovalFacts> = {}): ApprovalFacts => ({
    digest: 'd1',
    authors: ['Ada'],
    approvals,
    needed: 1,
    nowMs: 500,
    soleMember: false,
    ...over,
  })

  it.each<[string, ApprovalFacts, boolean, RegExp]>([
    ['another person', facts([approval()]), true, /approved by Grace/],
    ['nobody', facts([]), false, /1 more approval is needed/],
    ['the author', facts([approval({ actor: 'Ada' })]), false, /another person/],
    [
      'the author where nobody else is',
      facts([approval({ actor: 'Ada' })], { soleMember: true }),
      true,
      /approved by Ada/,
    ],
    ['approval of other bytes', facts([approval({ digest: 'd2' })]), false, /other bytes/],
    ['an expired approval', facts([approval({ expiresAtMs: 500 })]), false, /expired/],
    ['a withdrawn approval', facts([approval({ withdrawn: true })]), false, /withdrew/],
    ['the same person twice', facts([approval(), approval()], { needed: 2 }), false, /1 more/],
    ['two persons', facts([approval(), approval({ actor: 'Alan' })], { needed: 2 }), true, /Grace, Alan/],
    ['an old approval renewed', facts([approval({ expiresAtMs: 1 }), approval()]), true, /Grace/],
    ['no need', facts([], { needed: 0 }), true, /none is needed/],
  ])('%s', (_, given, approved, reason) => {
    const verdict = judgeApproval(given)
    expect(verdict.approved).toBe(approved)
    expect(verdict.reason).toMatch(reason)
  })

  it('tells a person beforehand', () => {
    expect(whyNotApprover('Ada', { authors: ['Ada'], soleMember: false })?.detail).toMatch(/another person/)
    expect(whyNotApprover('Grace', { authors: ['Ada'], soleMember: false })).toBeNull()
  })
})
