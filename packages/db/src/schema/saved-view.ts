import { jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { actor, at, projectId } from './columns.ts'

/** A filter, order and choice of columns that people of a project share under a name. */
export const savedView = pgTable(
  'saved_view',
  {
    id: text('id').primaryKey(),
    projectId: projectId(),
    page: text('page').$type<'runs'>().notNull(),
    name: text('name').notNull(),
    settings: jsonb('settings').$type<Record<string, unknown>>().notNull(),
    createdBy: actor('created_by'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (t) => [uniqueIndex('saved_view_name').on(t.projectId, t.page, t.name)],
)
