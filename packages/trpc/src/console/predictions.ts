import { idOf, PageInput, Prediction, pageOf, RecordedFeedback, RecordFeedback, Slug } from '@modelyard/contracts'
import { getPrediction, listPredictions, recordFeedback } from '@modelyard/services'
import { z } from 'zod'
import { procedure, router } from '../base.ts'

export const predictionsRouter = router({
  list: procedure
    .input(PageInput.extend({ project: Slug, endpointId: idOf('ep') }))
    .output(pageOf(Prediction))
    .query(({ ctx, input }) => listPredictions(ctx.ctx, input)),
  get: procedure
    .input(z.object({ project: Slug, predictionId: idOf('prd') }))
    .output(Prediction)
    .query(({ ctx, input }) => getPrediction(ctx.ctx, input)),
  recordFeedback: procedure
    .input(RecordFeedback)
    .output(RecordedFeedback)
    .mutation(({ ctx, input }) => recordFeedback(ctx.ctx, input)),
})
