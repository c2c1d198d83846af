import { integer, jsonb, pgTable, real, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, revision } from './columns.ts'

export const project = pgTable(
  'project',
  {
    id: text('id').primaryKey(),
    slug: text('slug').notNull(),
    name: text('name').notNull(),
    task: text('task').$type<'binary' | 'multiclass' | 'regression'>().notNull(),
    kpis: jsonb('kpis').$type<{ metric: string; op: '>=' | '<='; target: number }[]>().notNull(),
    /** Fair share of the runners against other projects. */
    weight: real('weight').notNull().default(1),
    gpuQuota: integer('gpu_quota').notNull().default(64),
    revision: revision(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [uniqueIndex('project_slug').on(t.slug)],
)
