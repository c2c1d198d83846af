import { and, count, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { approval, member, modelVersion } from '../schema/index.ts'

export type ApprovalRow = typeof approval.$inferSelect

/** Approvals asked for a version, newest first. */
export async function listApprovals(db: Db, modelVersionId: string): Promise<ApprovalRow[]> {
  return db.select().from(approval).where(eq(approval.modelVersionId, modelVersionId)).orderBy(desc(approval.id))
}

export async function insertApproval(db: Db, row: typeof approval.$inferInsert): Promise<void> {
  await db.insert(approval).values(row)
}

/** An approval, locked for this transaction. */
export async function lockApproval(db: Db, args: { projectId: string; id: string }): Promise<ApprovalRow | null> {
  const [row] = await db
    .select()
    .from(approval)
    .where(and(eq(approval.projectId, args.projectId), eq(approval.id, args.id)))
    .for('update')
  return row ?? null
}

/** Record the decision on an approval that is locked, and the stage of its version. */
export async function decideApprovalRow(
  db: Db,
  args: {
    approval: Pick<ApprovalRow, 'id' | 'modelVersionId'>
    state: 'approved' | 'rejected'
    comment: string
    decidedBy: ApprovalRow['requestedBy']
    now: Date
  },
): Promise<ApprovalRow> {
  const { state, comment, decidedBy } = args
  const [row] = await db
    .update(approval)
    .set({ state, comment, decidedBy, decidedAt: args.now })
    .where(and(eq(approval.id, args.approval.id), isNull(approval.decidedAt)))
    .returning()
  if (!row) throw new Error(`approval ${args.approval.id} was decided under its own lock`)
  await db
    .update(modelVersion)
    .set({ stage: state, updatedAt: args.now, revision: sql`${modelVersion.revision} + 1` })
    .where(eq(modelVersion.id, args.approval.modelVersionId))
  return row
}

/** How many people the project has. */
export async function countMembers(db: Db, projectId: string): Promise<number> {
  const [row] = await db.select({ members: count() }).from(member).where(eq(member.projectId, projectId))
  return row?.members ?? 0
}
