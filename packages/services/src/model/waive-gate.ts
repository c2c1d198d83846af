import type { WaiveGate } from '@modelyard/contracts'
import { countMembers, type Db, listApprovals, lockModelVersion, type ModelVersionRow, storeGates } from '@modelyard/db'
import { isWaivable, refuse, refuseSaid, say, waived, whyNotWaiver } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import { actorOf, type Ctx, userIdOf } from '../context.ts'
import { mutate } from '../mutate.ts'
import { requireCandidate } from './evaluate.ts'
import type { KeptGates } from './judge.ts'

type Asked = z.output<typeof WaiveGate>

/**
 * Let one gate of a candidate pass that did not, with a reason: by another person than those who made the version or
 * asked for its approval, for the bytes and the finding that were seen. Another finding ends it.
 */
export async function waiveGate(ctx: Ctx, input: Asked): Promise<{ id: string }> {
  const { project } = await inProject(ctx, input.project, 'model.approve')
  const { idempotencyKey, ...request } = input
  const idempotency = { key: idempotencyKey, request }
  return mutate(ctx, { verb: 'model.waive_gate', projectId: project.id, idempotency }, async (tx) => {
    const found = await lockModelVersion(tx, { projectId: project.id, id: input.modelVersionId })
    if (!found)
      return refuse('not_found', `there is no model version ${input.modelVersionId} in ${input.project}`, {
        field: 'modelVersionId',
      })
    const { version, model } = found
    requireCandidate(found)
    const gate = requireSeen(version, input)
    await requireOther(ctx, tx, version)
    const by = actorOf(ctx.principal)
    const { reason } = input
    const waiver = { digest: version.sha256, by, at: ctx.now().toISOString(), reason }
    const gates = (version.gates as KeptGates).map((each) => (each === gate ? waived(each, waiver) : each))
    await storeGates(tx, {
      modelVersionId: version.id,
      gates,
      gatesPassed: gates.every(({ pass }) => pass),
      now: ctx.now(),
    })
    return {
      answer: { id: version.id },
      note: {
        ...{ action: 'model.gate_waived', targetKind: 'model_version', targetId: version.id },
        summary: `Gate ${gate.gate} of ${model} v${version.version} waived by ${by.label}: ${reason}`.slice(0, 500),
        detail: { gate: gate.gate, finding: gate.detail, reason, sha256: version.sha256 },
      },
      changes: [{ noun: 'model_version', id: version.id }],
    }
  })
}

/** @throws Refusal `stale` where the bytes or the finding are not those that were seen, `blocked` for what is never waived */
function requireSeen(version: ModelVersionRow, { gate: name, digest, finding }: Asked): KeptGates[number] {
  const gate = (version.gates as KeptGates).find((each) => each.gate === name)
  if (!gate) return refuse('not_found', `the version has no gate ${name}`, { field: 'gate' })
  if (digest !== version.sha256 || finding !== gate.detail)
    refuse('stale', 'the gate is not as you saw it; read it again', { field: 'finding' })
  if (gate.pass) refuseSaid('conflict', say('waiver_needless', { gate: name }), { field: 'gate' })
  if (!isWaivable(gate)) refuseSaid('blocked', say('waiver_never', { gate: name }), { field: 'gate' })
  return gate
}

async function requireOther(ctx: Ctx, tx: Db, version: ModelVersionRow): Promise<void> {
  const asked = (await listApprovals(tx, version.id)).filter(({ state }) => state === 'requested')
  const authors = [version.createdBy.userId, ...asked.map(({ requestedBy }) => requestedBy.userId)]
  const soleMember = (await countMembers(tx, version.projectId)) === 1
  const known = authors.filter((id) => id !== undefined)
  const why = whyNotWaiver(userIdOf(ctx.principal) ?? '', { authors: known, soleMember })
  if (why) refuseSaid('forbidden', why, { field: 'gate' })
}
