import { ChainStatus, LedgerEntry, ListLedger, ProjectRef, pageOf } from '@modelyard/contracts'
import { listLedger, verifyLedger } from '@modelyard/services'
import { procedure, router } from '../base.ts'

export const ledgerRouter = router({
  list: procedure
    .input(ListLedger)
    .output(pageOf(LedgerEntry))
    .query(({ ctx, input }) => listLedger(ctx.ctx, input)),
  verify: procedure
    .input(ProjectRef)
    .output(ChainStatus)
    .query(({ ctx, input }) => verifyLedger(ctx.ctx, input)),
})
