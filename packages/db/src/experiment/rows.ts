import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { experiment, experimentTag } from '../schema/index.ts'

export type ExperimentRow = typeof experiment.$inferSelect
type Pair = { key: string; value: string }

/** Make an experiment; null when its name is taken, also by a deleted one. */
export async function insertExperiment(
  db: Db,
  args: { id: string; projectId: string; name: string; now: Date },
): Promise<ExperimentRow | null> {
  const { now, ...row } = args
  const [made] = await db
    .insert(experiment)
    .values({ ...row, createdAt: now, updatedAt: now })
    .onConflictDoNothing({ target: [experiment.projectId, experiment.name] })
    .returning()
  return made ?? null
}

/** The experiment of that number or name, deleted or not. */
export async function findExperiment(
  db: Db,
  args: { projectId: string } & ({ number: number } | { name: string }),
): Promise<ExperimentRow | null> {
  const wanted = 'number' in args ? eq(experiment.number, args.number) : eq(experiment.name, args.name)
  const [row] = await db
    .select()
    .from(experiment)
    .where(and(eq(experiment.projectId, args.projectId), wanted))
  return row ?? null
}

/** The same by number, held until the transaction ends: no run begins in it meanwhile, and nobody else changes it. */
export async function holdExperiment(
  db: Db,
  args: { projectId: string; number: number },
): Promise<ExperimentRow | null> {
  const [row] = await db
    .select()
    .from(experiment)
    .where(and(eq(experiment.projectId, args.projectId), eq(experiment.number, args.number)))
    .for('no key update')
  return row ?? null
}

/** Change an experiment and the time it was last touched. */
export async function updateExperiment(
  db: Db,
  args: { id: string; change: Partial<Pick<ExperimentRow, 'name' | 'deletedAt'>>; now: Date },
): Promise<void> {
  await db
    .update(experiment)
    .set({ ...args.change, updatedAt: args.now })
    .where(eq(experiment.id, args.id))
}

/** Set tags, each key once. */
export async function setExperimentTags(
  db: Db,
  args: { projectId: string; experimentId: string; tags: readonly Pair[] },
): Promise<void> {
  const { tags, ...of } = args
  if (tags.length === 0) return
  await db
    .insert(experimentTag)
    .values(tags.map((tag) => ({ ...of, ...tag })))
    .onConflictDoUpdate({
      target: [experimentTag.experimentId, experimentTag.key],
      set: { value: sql`excluded.value` },
    })
}

/** Whether the experiment had the tag. */
export async function deleteExperimentTag(db: Db, args: { experimentId: string; key: string }): Promise<boolean> {
  const { rowCount } = await db
    .delete(experimentTag)
    .where(and(eq(experimentTag.experimentId, args.experimentId), eq(experimentTag.key, args.key)))
  return rowCount === 1
}
