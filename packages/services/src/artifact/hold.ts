import type { BeforeShown } from '@modelyard/artifacts'
import { holdBlob } from '@modelyard/db'
import type { Ctx } from '../context.ts'

/** Keeps bytes from the collector from before they can be seen until long after the record that names them commits. */
export const holding =
  (ctx: Pick<Ctx, 'db' | 'now'>): BeforeShown =>
  (blob) =>
    holdBlob(ctx.db, { ...blob, now: ctx.now() })
