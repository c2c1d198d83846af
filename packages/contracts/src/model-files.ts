import { z } from 'zod'
import { idOf, ProjectRef, Sha256, Text } from './common.ts'

export const PreviewModelFile = ProjectRef.extend({ modelVersionId: idOf('mv'), path: Text.min(1).max(1_000) })
export const ModelFilePreview = z.object({
  path: z.string(),
  mediaType: z.string(),
  sha256: Sha256,
  sizeBytes: z.number().int(),
  /** The beginning of what is text; null for what is none. */
  text: z.string().nullable(),
  isWhole: z.boolean(),
})
export type ModelFilePreview = z.infer<typeof ModelFilePreview>
