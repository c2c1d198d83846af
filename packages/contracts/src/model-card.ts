import { z } from 'zod'
import { IdempotencyKey, INT4_MAX, IsoTime, idOf, ProjectRef, Sha256, Slug, Text } from './common.ts'
import { ModelVersion } from './model.ts'

/** What only people can say; all else on a card is read from the records. */
export const CARD_SECTIONS = ['summary', 'intendedUse', 'outOfScope', 'limitations', 'ethics', 'contact'] as const
export const CardSection = z.enum(CARD_SECTIONS)
export type CardSection = z.infer<typeof CardSection>

const CARD_SECTION_MAX = 8_000
const Words = Text.max(CARD_SECTION_MAX)

/** A limit that follows from the records; the fields besides `code` are what its words need. */
export const CardLimit = z.discriminatedUnion('code', [
  z.object({ code: z.enum(['no_test', 'no_data', 'no_licence', 'data_blocked', 'no_code', 'opaque']) }),
  z.object({ code: z.literal('failed_gate'), gate: z.string() }),
  z.object({ code: z.literal('waived_gate'), gate: z.string(), by: z.string(), reason: z.string() }),
  z.object({ code: z.literal('wide_interval'), rows: z.number(), low: z.number(), high: z.number() }),
  z.object({
    code: z.literal('weak_class'),
    label: z.string(),
    f1: z.number(),
    macroF1: z.number(),
    support: z.number(),
  }),
  z.object({
    code: z.literal('rare_classes'),
    count: z.number().int(),
    labels: z.array(z.string()),
    below: z.number().int(),
  }),
])
export type CardLimit = z.infer<typeof CardLimit>

export const ModelCard = z.object({
  project: Slug,
  version: ModelVersion,
  /** Of the version's row; an edit names the one it saw. */
  revision: z.number().int(),
  /** Every section, the empty text where nobody wrote any. */
  sections: z.record(CardSection, z.string()),
  trainingData: z
    .object({
      id: idOf('dsv'),
      name: z.string(),
      version: z.number().int(),
      rows: z.number().int(),
      labelColumn: z.string(),
      sha256: Sha256,
      licence: z.string(),
      description: z.string(),
      sourceNote: z.string(),
      blocked: z.boolean(),
    })
    .nullable(),
  limits: z.array(CardLimit),
  madeAt: IsoTime,
})
export type ModelCard = z.infer<typeof ModelCard>

const OfVersion = ProjectRef.extend({ modelVersionId: idOf('mv') })
export const GetModelCard = OfVersion
/** Sections that are left out stay. A revision that is not the newest is refused as stale. */
export const EditModelCard = OfVersion.extend({
  revision: z.number().int().min(0).max(INT4_MAX),
  sections: z.partialRecord(CardSection, Words),
  idempotencyKey: IdempotencyKey,
})
export const ExportModelCard = OfVersion.extend({ format: z.enum(['markdown', 'json']).default('markdown') })
export const ExportedCard = z.object({ fileName: z.string(), mediaType: z.string(), text: z.string() })
export type ExportedCard = z.infer<typeof ExportedCard>
