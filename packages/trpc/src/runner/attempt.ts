import {
  Accept,
  Accepted,
  AttachArtifact,
  BeginAttemptUpload,
  BegunUpload,
  idOf,
  LiveAttempt,
  LogMetrics,
  MetricsAck,
  Reject,
  Sha256,
} from '@modelyard/contracts'
import {
  acceptOffer,
  attachAttemptArtifact,
  beginAttemptUpload,
  completeAttemptUpload,
  logMetrics,
  rejectOffer,
} from '@modelyard/services'
import { z } from 'zod'
import { procedure, router } from '../base.ts'

/** What a runner does with one attempt that it was offered; every write carries the attempt's fence. */
export const attemptRouter = router({
  accept: procedure
    .input(Accept)
    .output(Accepted)
    .mutation(({ ctx, input }) => acceptOffer(ctx.ctx, input)),
  reject: procedure
    .input(Reject)
    .output(z.object({ rejected: z.boolean() }))
    .mutation(({ ctx, input }) => rejectOffer(ctx.ctx, input)),
  logMetrics: procedure
    .input(LogMetrics)
    .output(MetricsAck)
    .mutation(({ ctx, input }) => logMetrics(ctx.ctx, input)),
  beginUpload: procedure
    .input(BeginAttemptUpload)
    .output(BegunUpload)
    .mutation(({ ctx, input }) => beginAttemptUpload(ctx.ctx, input)),
  completeUpload: procedure
    .input(LiveAttempt.extend({ uploadId: idOf('upl') }))
    .output(z.object({ sha256: Sha256 }))
    .mutation(({ ctx, input }) => completeAttemptUpload(ctx.ctx, input)),
  attachArtifact: procedure
    .input(AttachArtifact)
    .output(z.object({ path: z.string() }))
    .mutation(({ ctx, input }) => attachAttemptArtifact(ctx.ctx, input)),
})
