import { z } from 'zod'
import { IsoTime, idOf, Slug } from './common.ts'

export const DriftVerdict = z.enum(['ok', 'warn', 'critical', 'insufficient'])
export const FeatureDrift = z.object({
  feature: z.string(),
  test: z.enum(['ks', 'chi2', 'missing']),
  /** KS: largest gap of the two distribution functions. */
  statistic: z.number(),
  p: z.number().nullable(),
  pAdjusted: z.number().nullable(),
  wassersteinSd: z.number().nullable(),
  psi: z.number().nullable(),
  verdict: DriftVerdict,
  /** Shares in common bins: training data, then the window. */
  bins: z.array(z.number()),
  reference: z.array(z.number()),
  current: z.array(z.number()),
})
export type FeatureDrift = z.infer<typeof FeatureDrift>
export const DriftReport = z.object({
  id: idOf('drf'),
  endpointId: idOf('ep'),
  endpoint: Slug,
  variant: z.number().int(),
  referenceDatasetVersionId: idOf('dsv'),
  referenceName: z.string(),
  windowFrom: IsoTime,
  windowTo: IsoTime,
  nReference: z.number().int(),
  nCurrent: z.number().int(),
  method: z.object({
    test: z.string(),
    correction: z.string(),
    q: z.number(),
    effectGate: z.number(),
    falseAlarmsPerMonth: z.number(),
  }),
  verdict: DriftVerdict,
  drifted: z.number().int(),
  features: z.array(FeatureDrift),
  prediction: FeatureDrift.nullable(),
  createdAt: IsoTime,
})
export type DriftReport = z.infer<typeof DriftReport>
export const DriftPoint = z.object({
  id: idOf('drf'),
  at: IsoTime,
  verdict: DriftVerdict,
  drifted: z.number().int(),
  maxD: z.number(),
})
