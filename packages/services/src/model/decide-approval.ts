import type { DecideApproval } from '@modelyard/contracts'
import {
  type ApprovalRow,
  countMembers,
  type Db,
  decideApprovalRow,
  lockApproval,
  lockModelVersion,
} from '@modelyard/db'
import { refuse, refuseSaid, whyNotApprover } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import { actorOf, type Ctx, userIdOf } from '../context.ts'
import { mutate } from '../mutate.ts'
import { happenedToRegistry } from '../webhook/event.ts'
import { requireApprovable } from './request-approval.ts'
import { type ApprovalView, approvalView } from './view.ts'

type Decision = z.output<typeof DecideApproval>

/**
 * Approve or reject exactly the bytes that were seen, by another person than those who made or asked for the version
 * (an API key counts as the person behind it). Only a version whose gates pass can be approved.
 */
export async function decideApproval(ctx: Ctx, input: Decision): Promise<ApprovalView> {
  const { project } = await inProject(ctx, input.project, 'model.approve')
  const { idempotencyKey, ...request } = input
  return mutate(
    ctx,
    { verb: 'approval.decide', projectId: project.id, idempotency: { key: idempotencyKey, request } },
    async (tx) => {
      const { approval, version, model } = await lockBoth(tx, { projectId: project.id, input })
      const authors = [approval.requestedBy.userId, version.createdBy.userId].filter((id) => id !== undefined)
      const soleMember = (await countMembers(tx, project.id)) === 1
      const why = whyNotApprover(userIdOf(ctx.principal) ?? '', { authors, soleMember })
      if (why) refuseSaid('forbidden', why, { field: 'approvalId' })
      if (input.decision === 'approve') requireApprovable({ version, model })
      const state = input.decision === 'approve' ? ('approved' as const) : ('rejected' as const)
      const decidedBy = actorOf(ctx.principal)
      const comment = input.comment || approval.comment
      const decided = await decideApprovalRow(tx, { approval, state, comment, decidedBy, now: ctx.now() })
      return {
        answer: approvalView(decided),
        note: {
          action: `approval.${state}`,
          targetKind: 'model_version',
          targetId: version.id,
          summary: `${model} v${version.version} ${state} by ${decidedBy.label}`,
          detail: { approvalId: approval.id, digest: approval.digest, comment: input.comment },
        },
        changes: [{ noun: 'model_version', id: version.id }],
        events: [
          happenedToRegistry.approval(state, {
            ...{ name: model, version: version.version, digest: approval.digest, by: decidedBy.label },
          }),
        ],
      }
    },
  )
}

async function lockBoth(tx: Db, { projectId, input }: { projectId: string; input: Decision }) {
  const approval = await lockApproval(tx, { projectId, id: input.approvalId })
  const found = approval && (await lockModelVersion(tx, { projectId, id: approval.modelVersionId }))
  if (!approval || !found)
    return refuse('not_found', `there is no approval ${input.approvalId} in ${input.project}`, { field: 'approvalId' })
  if (approval.state !== 'requested')
    refuse('conflict', `this approval is ${approval.state} already`, { field: 'approvalId' })
  requireSameDigest(approval, { seen: input.digest, held: found.version.sha256 })
  return { approval, ...found }
}

function requireSameDigest(approval: ApprovalRow, { seen, held }: { seen: string; held: string }): void {
  if (seen === approval.digest && seen === held) return
  refuse('stale', 'what you saw is not what the approval was asked for; read it again', {
    field: 'digest',
    details: { digest: approval.digest },
  })
}
