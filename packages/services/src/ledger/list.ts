import type { LedgerEntry, ListLedger } from '@modelyard/contracts'
import { listLedger as read, type tables } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'

export function ledgerView(row: typeof tables.ledgerEntry.$inferSelect): LedgerEntry {
  const { projectId: _, at, ...rest } = row
  return { ...rest, at: at.toISOString() }
}

/** Newest first. The cursor is the sequence number that the last page ended with. */
export async function listLedger(
  ctx: Ctx,
  input: z.output<typeof ListLedger>,
): Promise<{ items: LedgerEntry[]; nextCursor: string | null }> {
  const { project } = await inProject(ctx, input.project, 'ledger.read')
  const beforeSeq = input.cursor === undefined ? undefined : Number(input.cursor)
  if (beforeSeq !== undefined && !Number.isSafeInteger(beforeSeq))
    refuse('invalid', 'the cursor is no sequence number', { field: 'cursor' })
  const rows = await read(ctx.db, {
    projectId: project.id,
    limit: input.limit + 1,
    beforeSeq,
    targetId: input.targetId,
    action: input.action,
  })
  const items = rows.slice(0, input.limit).map(ledgerView)
  return { items, nextCursor: rows.length > input.limit ? String(items.at(-1)?.seq) : null }
}
