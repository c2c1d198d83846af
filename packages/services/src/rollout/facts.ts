import { RolloutPolicy as PolicyShape } from '@modelyard/contracts'
import { criticalAlertsSince, type Db, type EndpointRow, listGateways, type RolloutRow } from '@modelyard/db'
import { makePolicy, type RolloutCommand, type RolloutFacts, type RolloutPolicy } from '@modelyard/domain'
import { gatewaysOf, isRouted } from '../endpoint/view.ts'
import { type RolloutEvidence, stepUnits } from './counting.ts'

export const policyOf = (row: RolloutRow): RolloutPolicy => makePolicy(PolicyShape.parse(row.policy))
export const evidenceIn = (row: RolloutRow): RolloutEvidence => row.evidence as RolloutEvidence

/** Everything `decide` looks at, for a rollout with this evidence. */
export async function gatherFacts(
  db: Db,
  args: {
    rollout: RolloutRow
    endpoint: EndpointRow
    evidence: RolloutEvidence
    command: RolloutCommand | null
    now: Date
  },
): Promise<RolloutFacts> {
  const { rollout, endpoint, evidence, now } = args
  const gateways = gatewaysOf(await listGateways(db), endpoint.id, now)
  const routed = isRouted(gateways, endpoint.generation)
  const { requests, errors } = evidence.folded.canary
  const policy = policyOf(rollout)
  return {
    state: rollout.state,
    policy,
    evidence: evidence.process,
    nowMs: now.getTime(),
    startedAtMs: evidence.watchFromMs,
    stepIndex: rollout.stepIndex,
    stepStartedAtMs: rollout.stepStartedAt.getTime(),
    stepUnits: stepUnits(evidence, policy),
    // A gateway reports a generation only once it has loaded its models; a canary that fails later shows in its errors.
    health: { ready: routed ? true : null, successes: requests - errors, failures: errors, invalidOutputs: 0 },
    routed,
    criticalAlerts: await criticalAlertsSince(db, { endpointId: endpoint.id, since: new Date(evidence.watchFromMs) }),
    command: args.command,
  }
}
