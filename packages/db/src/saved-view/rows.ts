import { and, asc, eq } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { savedView } from '../schema/index.ts'

export type SavedViewRow = typeof savedView.$inferSelect

/** No page has use for more of them; the names are read in one go. */
const MAX_VIEWS = 200

export async function listSavedViews(
  db: Db,
  args: { projectId: string; page: SavedViewRow['page'] },
): Promise<SavedViewRow[]> {
  return db
    .select()
    .from(savedView)
    .where(and(eq(savedView.projectId, args.projectId), eq(savedView.page, args.page)))
    .orderBy(asc(savedView.name))
    .limit(MAX_VIEWS)
}

/** Insert, or replace what the view of that name shows; the row as it stands afterwards. */
export async function upsertSavedView(db: Db, row: SavedViewRow): Promise<SavedViewRow> {
  const [kept] = await db
    .insert(savedView)
    .values(row)
    .onConflictDoUpdate({
      target: [savedView.projectId, savedView.page, savedView.name],
      set: { settings: row.settings, updatedAt: row.updatedAt },
    })
    .returning()
  if (!kept) throw new Error('the saved view was not returned')
  return kept
}

export async function deleteSavedView(db: Db, args: { projectId: string; id: string }): Promise<SavedViewRow | null> {
  const [gone] = await db
    .delete(savedView)
    .where(and(eq(savedView.projectId, args.projectId), eq(savedView.id, args.id)))
    .returning()
  return gone ?? null
}
