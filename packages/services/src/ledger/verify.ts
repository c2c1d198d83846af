import type { ChainStatus } from '@modelyard/contracts'
import { ledgerHeadOf, readLinks } from '@modelyard/db'
import { type LedgerHead, verifyChain } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'

const BATCH = 2000

/** Walk the project's whole chain; says where it first breaks. */
export async function verifyLedger(ctx: Ctx, input: { project: string }): Promise<z.output<typeof ChainStatus>> {
  const { project } = await inProject(ctx, input.project, 'ledger.read')
  return ctx.db.transaction(
    async (tx) => {
      const stored = await ledgerHeadOf(tx, project.id)
      let after: LedgerHead = null
      let entries = 0
      for (;;) {
        const links = await readLinks(tx, { projectId: project.id, afterSeq: after?.seq ?? 0, limit: BATCH })
        const last = links.length < BATCH
        const verdict = verifyChain(links, ctx.sha256, { after, ...(last && stored ? { expectedHead: stored } : {}) })
        entries += verdict.checked
        if (!verdict.ok)
          return {
            verified: false,
            entries,
            headHash: stored?.hash ?? null,
            firstBadSeq: verdict.fault.seq,
            checkedAt: ctx.now().toISOString(),
          }
        after = verdict.head
        if (last)
          return {
            verified: true,
            entries,
            headHash: stored?.hash ?? null,
            firstBadSeq: null,
            checkedAt: ctx.now().toISOString(),
          }
      }
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
}
