import { z } from 'zod'
import { GivenTime, IsoTime, idOf, Slug } from './common.ts'

/** True labels that arrive later, joined by prediction id. Repeating one changes nothing; another label for the same id is a conflict. */
export const RecordFeedback = z.object({
  project: Slug,
  items: z
    .array(z.object({ predictionId: idOf('prd'), label: z.string().min(1).max(200), at: GivenTime.optional() }))
    .min(1)
    .max(1000),
})
export const RecordedFeedback = z.object({
  accepted: z.number().int(),
  repeated: z.number().int(),
  refused: z.array(z.object({ predictionId: z.string(), reason: z.string() })),
})

export const Prediction = z.object({
  id: idOf('prd'),
  endpoint: Slug,
  variant: z.number().int(),
  modelVersionId: idOf('mv'),
  at: IsoTime,
  latencyMs: z.number(),
  label: z.string().nullable(),
  score: z.number().nullable(),
  truth: z.string().nullable(),
  traceId: z.string().nullable(),
  features: z.array(z.number().nullable()),
})
