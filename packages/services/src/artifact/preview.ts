import { refuse } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { openArtifact } from './open.ts'
import type { ArtifactPlace } from './owner.ts'

/** What a page shows of a file without fetching it whole. */
const PREVIEW_BYTES = 256 * 1024

export type ArtifactPreview = {
  path: string
  mediaType: string
  sha256: string
  sizeBytes: number
  /** Null for what is no UTF-8 text. */
  text: string | null
  /** Whether the text is all of it. */
  isWhole: boolean
}

/** The beginning of a file as text, at most `maxBytes`; it is never executed and never parsed here. */
export async function previewArtifact(
  ctx: Ctx,
  input: ArtifactPlace & { path: string; maxBytes?: number },
): Promise<ArtifactPreview> {
  const { path, mediaType, sha256, sizeBytes, read } = await openArtifact(ctx, input)
  const limit = Math.min(input.maxBytes ?? PREVIEW_BYTES, sizeBytes)
  if (!Number.isSafeInteger(limit) || limit < 0) refuse('invalid', 'must be a whole number', { field: 'maxBytes' })
  const parts = limit === 0 ? [] : await (await read({ start: 0, end: limit - 1 })).toArray()
  const isWhole = limit === sizeBytes
  return { path, mediaType, sha256, sizeBytes, text: textOf(Buffer.concat(parts), isWhole), isWhole }
}

/** A cut in the middle of a character is no fault of the file. */
function textOf(bytes: Buffer, isWhole: boolean): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole })
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}
