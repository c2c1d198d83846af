import { type Rollout, RolloutPolicy } from '@modelyard/contracts'
import { type Db, findEndpoint, ledgerAbout, listVariants, type RolloutRow, readEvidence } from '@modelyard/db'
import { evidenceOf } from '@modelyard/domain'
import { variantView } from '../endpoint/view.ts'
import { evidenceIn, policyOf } from './facts.ts'

const EVENTS = 200
const POINTS = 300

/** A rollout as pages and programs see it. */
export async function rolloutView(db: Db, row: RolloutRow): Promise<Rollout> {
  const { projectId } = row
  const endpoint = await findEndpoint(db, { projectId, endpointId: row.endpointId })
  const variants = await listVariants(db, [row.endpointId])
  const shown = (id: string) => {
    const variant = variants.find((candidate) => candidate.id === id)
    if (!endpoint || !variant) throw new Error(`rollout ${row.id} names variant ${id}, which is not there`)
    return variantView(variant, endpoint, null)
  }
  const { findings, statement } = evidenceOf({ policy: policyOf(row), evidence: evidenceIn(row).process })
  const series = await readEvidence(db, { rolloutId: row.id, points: POINTS })
  const events = await ledgerAbout(db, { projectId, targetId: row.id, limit: EVENTS })
  return {
    id: row.id,
    number: row.number,
    endpointId: row.endpointId,
    endpoint: endpoint?.name ?? '',
    state: row.state,
    revision: row.revision,
    from: shown(row.fromVariantId),
    to: shown(row.toVariantId),
    policy: RolloutPolicy.parse(row.policy),
    stepIndex: row.stepIndex,
    stepStartedAt: row.stepStartedAt.toISOString(),
    guards: findings.map(({ guard, control, canary, logE, logThreshold, p, verdict }) => {
      return { guard, control, canary, logE, logThreshold, p, verdict }
    }),
    reason: row.reason,
    bound: statement,
    evidenceSeries: series.map(({ at, guard, logE }) => {
      return { at: at.toISOString(), guard: guard as Rollout['guards'][number]['guard'], logE }
    }),
    events: events.map(({ at, actor, action, summary }) => ({ at: at.toISOString(), actor, action, detail: summary })),
    startedBy: row.startedBy,
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  }
}
