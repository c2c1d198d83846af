/** Waivers: a person's signed acceptance of what one gate found, for exactly one digest. */
import { type Said, say } from '../reason.ts'
import type { ApprovalFacts } from './approval.ts'
import type { PromotionGate } from './promotion.ts'

/** `at` is ISO text. */
export type Waiver<By> = { digest: string; by: By; at: string; reason: string }
/** A gate as it is kept, with the waiver that lets it pass. */
export type KeptGate<By> = Omit<PromotionGate, 'verdict' | 'reason'> &
  Partial<Pick<PromotionGate, 'verdict' | 'reason'>> & { waiver?: Waiver<By> | undefined }

/** No word of a person makes lost bytes whole, or a model take rows of another width. */
const NEVER_WAIVED: ReadonlySet<string> = new Set(['artifact', 'dataset_fit'])

/** Whether a gate did not pass and a person may let it pass all the same. */
export function isWaivable({ gate, pass }: { gate: string; pass: boolean }): boolean {
  return !pass && !NEVER_WAIVED.has(gate)
}

/**
 * Gates judged anew, with the waivers that still hold: each was given for these bytes and for exactly what the gate
 * found, so another finding needs another waiver.
 */
export function keepWaivers<By>(
  judged: readonly KeptGate<By>[],
  earlier: { gates: readonly KeptGate<By>[]; digest: string },
): KeptGate<By>[] {
  return judged.map((gate) => {
    const same = earlier.gates.find((other) => other.gate === gate.gate && other.detail === gate.detail)
    return same?.waiver?.digest === earlier.digest && isWaivable(gate) ? waived(gate, same.waiver) : gate
  })
}

/** The gate as it stands once it is waived. */
export function waived<By>(gate: KeptGate<By>, waiver: Waiver<By>): KeptGate<By> {
  return { ...gate, pass: true, verdict: 'waived', waiver }
}

/** Why this person may not waive a gate, or null. */
export function whyNotWaiver(actor: string, facts: Pick<ApprovalFacts, 'authors' | 'soleMember'>): Said | null {
  return facts.authors.includes(actor) && !facts.soleMember ? say('self_waiver', {}) : null
}
