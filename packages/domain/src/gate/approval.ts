/** Approvals: given by another person than the author, for exactly one digest, for a limited time. */

import { type Said, say } from '../reason.ts'

/** `digest`: SHA-256 over the artifact's digest and what is asked to be done with it, made by the caller. */
export type Approval = { actor: string; digest: string; approvedAtMs: number; expiresAtMs: number; withdrawn: boolean }

/** `authors`: who made or asked for the version. `soleMember`: the project has nobody else, so its owner may approve. */
export type ApprovalFacts = {
  digest: string
  authors: readonly string[]
  approvals: readonly Approval[]
  needed: number
  nowMs: number
  soleMember: boolean
}
export type ApprovalVerdict = { approved: boolean; valid: Approval[]; missing: number; reason: string }

/** Why this person may not approve, or null. */
export function whyNotApprover(actor: string, facts: Pick<ApprovalFacts, 'authors' | 'soleMember'>): Said | null {
  if (!facts.authors.includes(actor) || facts.soleMember) return null
  return say('self_approval', {})
}

/** Judge all approvals given so far; only those that still hold for this digest count, each person once. */
export function judgeApproval(facts: ApprovalFacts): ApprovalVerdict {
  const valid = facts.approvals.filter(
    (approval, index) =>
      whyInvalid(approval, facts) === null &&
      facts.approvals.findIndex((other) => other.actor === approval.actor && whyInvalid(other, facts) === null) ===
        index,
  )
  const missing = Math.max(0, facts.needed - valid.length)
  if (missing === 0)
    return {
      approved: true,
      valid,
      missing,
      reason: `approved by ${valid.map(({ actor }) => actor).join(', ') || 'nobody, as none is needed'}`,
    }
  const faults = facts.approvals.map((approval) => whyInvalid(approval, facts)).filter((fault) => fault !== null)
  const reason =
    faults.length === 0
      ? `${missing} more approval${missing > 1 ? 's are' : ' is'} needed`
      : `${missing} missing; ${faults.join('; ')}`
  return { approved: false, valid, missing, reason }
}

function whyInvalid(approval: Approval, facts: ApprovalFacts): string | null {
  if (approval.withdrawn) return `${approval.actor} withdrew`
  if (approval.digest !== facts.digest) return `${approval.actor} approved other bytes`
  if (facts.nowMs >= approval.expiresAtMs) return `the approval of ${approval.actor} has expired`
  return whyNotApprover(approval.actor, facts)?.detail ?? null
}
