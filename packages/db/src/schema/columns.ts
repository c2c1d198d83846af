import { integer, jsonb, text, timestamp } from 'drizzle-orm/pg-core'

/** An instant, stored with its zone as every instant here. */
export const at = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

/** Compare-and-set counter: `UPDATE … WHERE revision = n`. */
export const revision = () => integer('revision').notNull().default(0)

export type Actor = {
  kind: 'user' | 'api_key' | 'runner' | 'gateway' | 'system'
  id: string
  label: string
  userId?: string
}
export const actor = (name: string) => jsonb(name).$type<Actor>().notNull()

export const projectId = () => text('project_id').notNull()
