import type { RequestApproval } from '@modelyard/contracts'
import { insertApproval, listApprovals, lockModelVersion, type NamedModelVersion } from '@modelyard/db'
import { refuse, refuseSaid, say } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import { actorOf, type Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'
import { happenedToRegistry } from '../webhook/event.ts'
import { type ApprovalView, approvalView } from './view.ts'

/** Ask for a version to be approved, bound to its bytes. One that is asked for already is answered as it is. */
export async function requestApproval(ctx: Ctx, input: z.output<typeof RequestApproval>): Promise<ApprovalView> {
  const { project } = await inProject(ctx, input.project, 'model.register')
  const { idempotencyKey, ...request } = input
  return mutate(
    ctx,
    { verb: 'approval.request', projectId: project.id, idempotency: { key: idempotencyKey, request } },
    async (tx) => {
      const found = await lockModelVersion(tx, { projectId: project.id, id: input.modelVersionId })
      if (!found)
        return refuse('not_found', `there is no model version ${input.modelVersionId} in ${input.project}`, {
          field: 'modelVersionId',
        })
      requireApprovable(found)
      const { version, model } = found
      const open = (await listApprovals(tx, version.id)).find(({ state }) => state === 'requested')
      if (open) return { answer: approvalView(open), note: null, changes: [] }
      const row = {
        ...{ id: ctx.newId('apr'), projectId: project.id, modelVersionId: version.id, digest: version.sha256 },
        ...{ state: 'requested' as const, comment: input.comment, requestedBy: actorOf(ctx.principal) },
        ...{ requestedAt: ctx.now(), decidedBy: null, decidedAt: null },
      }
      await insertApproval(tx, row)
      return {
        answer: approvalView(row),
        note: {
          action: 'approval.requested',
          targetKind: 'model_version',
          targetId: version.id,
          summary: `Approval of ${model} v${version.version} asked for`,
          detail: { approvalId: row.id, digest: row.digest, comment: row.comment },
        },
        changes: [{ noun: 'model_version', id: version.id }],
        events: [
          happenedToRegistry.approval('requested', {
            ...{ name: model, version: version.version, digest: row.digest, by: row.requestedBy.label },
          }),
        ],
      }
    },
  )
}

/** @throws Refusal `conflict` for a version past deciding, `blocked` naming the gates that did not pass */
export function requireApprovable({ version, model }: NamedModelVersion): void {
  const name = `${model} v${version.version}`
  if (version.stage !== 'candidate')
    refuse('conflict', `${name} is ${version.stage} already`, { field: 'modelVersionId' })
  if (version.gatesPassed) return
  const failed = (version.gates as { gate: string; pass: boolean }[]).filter(({ pass }) => !pass)
  const gates = failed.map(({ gate }) => gate)
  refuseSaid('blocked', say('gates_failed', { version: name, names: gates.join(', ') }), {
    field: 'modelVersionId',
    details: { gates },
  })
}
