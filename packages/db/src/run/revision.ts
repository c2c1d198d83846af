import { sql } from 'drizzle-orm'
import { run } from '../schema/index.ts'

/** What every update of a run sets its revision to; see the column. */
export const nextRevision = sql`${run.revision} + 1`
