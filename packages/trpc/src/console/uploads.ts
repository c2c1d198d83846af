import { BeginUpload, BegunUpload, idOf, Sha256 } from '@modelyard/contracts'
import { beginUpload, completeUpload } from '@modelyard/services'
import { z } from 'zod'
import { procedure, router } from '../base.ts'

/** The bytes themselves go to apps/api: PUT /uploads/{id}?offset=n. */
export const uploadRouter = router({
  begin: procedure
    .input(BeginUpload)
    .output(BegunUpload)
    .mutation(({ ctx, input }) => beginUpload(ctx.ctx, input)),
  complete: procedure
    .input(z.object({ uploadId: idOf('upl') }))
    .output(z.object({ sha256: Sha256, sizeBytes: z.number().int() }))
    .mutation(({ ctx, input }) => completeUpload(ctx.ctx, input)),
})
